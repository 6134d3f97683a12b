//! Slots as places: path, label, masked value, line and column.

use super::build::Options;
use super::mask::{cover_patterns, mask};
use super::model::{Place, Question};
use crate::condition::{Context, Frame, Language, Registers, Unknowns, Value, evaluate};
use crate::filing::{Document, Slot, display, locate, locate_nearest};
use crate::policy::{Rule, World};
use crate::schema::{Field, RecordId, Type, Words};

/// Makes places of slots.
pub(super) struct Places<'a> {
    pub(super) world: &'a World,
    pub(super) document: &'a Document,
    pub(super) options: &'a Options,
    /// Values that stand in a field which is public in this document: a company's credit code is no secret elsewhere either.
    pub(super) public: Vec<String>,
}

impl Places<'_> {
    fn words<'w>(&self, words: &'w Words) -> &'w str {
        match self.options.language {
            Language::Zh => &words.zh,
            Language::En => &words.en,
        }
    }

    /// The field that a path ends at, the label of the whole path, and the record it belongs to.
    fn follow(&self, path: &str) -> Option<(&Field, RecordId, String)> {
        let schema = &self.world.schema;
        let mut record = schema.root;
        let mut found = None;
        let mut labels: Vec<String> = Vec::new();
        for part in path.split('.') {
            let (name, index) = match part.split_once('[') {
                Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
                None => (part, None),
            };
            let field = schema.record(record).field(name)?;
            let label = self.words(&field.label);
            match index {
                Some(index) => labels.push(self.numbered(field, label, index + 1)),
                None => labels.push(label.to_owned()),
            }
            found = Some((field, record));
            let ty = match &field.ty {
                Type::List(element) => element,
                other => other,
            };
            if let Type::Record(inner) = ty {
                record = *inner;
            }
        }
        let (field, record) = found?;
        Some((field, record, labels.join(" · ")))
    }

    /// Is the slot's value masked?
    pub(super) fn is_hidden(&self, slot: u32) -> bool {
        let Some((record, _, field)) = self.document.owner(&self.world.schema, slot) else { return false };
        let field = &self.world.schema.record(record).fields[usize::from(field)];
        field.sensitive.is_some() && is_sensitive(self.world, self.document, field, record)
    }

    /// The name of a list's element: `域名1`, `domain 1`.
    fn numbered(&self, field: &Field, label: &str, number: usize) -> String {
        match (self.options.language, &field.element) {
            (Language::En, Some(element)) => format!("{} {number}", element.replace('_', " ")),
            (Language::En, None) => format!("{label} {number}"),
            (Language::Zh, _) => format!("{label}{number}"),
        }
    }

    /// The value as it may be shown.
    fn value(&self, slot: u32, field: &Field, record: RecordId) -> Option<String> {
        let value = self.document.slot(slot);
        if matches!(field.ty, Type::Record(_)) || value == Slot::Missing {
            return None;
        }
        if let Type::List(element) = &field.ty
            && matches!(**element, Type::Record(_))
        {
            let count = self.document.len(value).unwrap_or(0);
            return Some(match self.options.language {
                Language::Zh => format!("共{count}项"),
                Language::En => format!("{count} entries"),
            });
        }
        let shown = display(&self.world.schema, self.document, slot, field, self.options.language);
        Some(match field.sensitive {
            _ if self.options.show_sensitive => shown,
            Some(_) if self.public.contains(&shown) => shown,
            Some(sensitivity) if is_sensitive(self.world, self.document, field, record) => mask(sensitivity, &shown),
            // a remark may hold a phone number, too
            None if matches!(field.ty, Type::Text) => cover_patterns(&shown).into_owned(),
            _ => shown,
        })
    }

    /// Places of slots, without lines: see [`Places::locate`].
    pub(super) fn of(&self, slots: &[u32]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::with_capacity(slots.len());
        for slot in slots {
            let Some(path) = self.document.path(&self.world.schema, *slot) else { continue };
            if places.iter().any(|place| place.path == path) {
                continue;
            }
            let Some((field, record, label)) = self.follow(&path) else { continue };
            let value = self.value(*slot, field, record);
            places.push(Place { path, label, line: None, column: None, value, span: None, exact: false });
        }
        places
    }

    /// The label of the record that a slot belongs to.
    pub(super) fn owner(&self, slot: u32) -> Option<String> {
        let path = self.document.path(&self.world.schema, slot)?;
        let (record, _) = path.rsplit_once('.')?;
        self.follow(record).map(|(.., label)| label)
    }

    /// What a rule is evaluated on, in words: the label of its innermost element.
    pub(super) fn target(&self, rule: &Rule, registers: &Registers) -> String {
        let innermost = rule.target.innermost().map(|register| registers.get(register));
        let label = innermost.and_then(|slot| self.owner(slot));
        label.unwrap_or_else(|| "…".to_owned())
    }

    /// A field that is asked for.
    pub(super) fn question(&self, slot: u32) -> Option<Question> {
        let path = self.document.path(&self.world.schema, slot)?;
        let (field, _, label) = self.follow(&path)?;
        Some(Question { label, help: field.doc.clone(), path, asked_by: Vec::new(), reasons: Vec::new() })
    }

    /// Finds lines and columns of many places at once: the source is parsed again only for what is shown.
    pub(super) fn locate(&self, places: &mut [&mut Place]) {
        let Some((file, form)) = &self.options.source else { return };
        let paths: Vec<&str> = places.iter().map(|place| place.path.as_str()).collect();
        let exact = locate(file, *form, &paths);
        let nearest =
            if exact.iter().any(Option::is_none) { locate_nearest(file, *form, &paths) } else { exact.clone() };
        for ((place, exact), nearest) in places.iter_mut().zip(exact).zip(nearest) {
            place.exact = exact.is_some();
            if let Some(span) = exact.or(nearest) {
                let (line, column) = file.line_column(span.start);
                place.line = Some(line);
                place.column = Some(column);
                place.span = Some(span);
            }
        }
    }
}

/// The values of fields that can be sensitive and are not in this document.
pub(super) fn public_values(world: &World, document: &Document) -> Vec<String> {
    let schema = &world.schema;
    let instances = document.instances(schema);
    let mut public = Vec::new();
    for (index, record) in schema.records.iter().enumerate() {
        let id = RecordId(index as u16);
        for field in record.fields.iter().filter(|field| field.sensitive_when.is_some()) {
            if is_sensitive(world, document, field, id) {
                continue;
            }
            for base in instances.get(index).into_iter().flatten() {
                if let Slot::Text { start, len } = document.slot(base + field.offset) {
                    public.push(document.text(start, len).to_owned());
                }
            }
        }
    }
    public
}

/// Is the field sensitive in this document?
pub(super) fn is_sensitive(world: &World, document: &Document, field: &Field, record: RecordId) -> bool {
    let Some(condition) = world.sensitive_when(record, &field.name) else { return true };
    let context = Context { schema: &world.schema, document, knows: world.knows(), scripts: None };
    // what cannot be told is treated as sensitive
    !matches!(evaluate(condition, &context, &Frame::default(), &mut Unknowns::default()), Ok(Value::Bool(false)))
}
