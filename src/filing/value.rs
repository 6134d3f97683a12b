//! Values of a document in words, for reports. Masks are the report's business: nothing is hidden here.

use chrono::NaiveDate;

use super::scalar::LONG_TERM_DAY;
use super::{Document, Slot};
use crate::schema::{Field, Schema, Type, Words};

/// The language of what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// The words of a language.
pub fn words_of(words: &Words, language: Language) -> &str {
    match language {
        Language::Zh => &words.zh,
        Language::En => &words.en,
    }
}

/// The value of a field whose first slot is `slot`, as people read it: labels for enumerations, ISO dates, codes for
/// regions, lists joined. A record is shown by the first of its fields that is given and not sensitive. What is missing
/// is the empty text.
pub fn display(schema: &Schema, document: &Document, slot: u32, field: &Field, language: Language) -> String {
    let mut text = String::new();
    Display { schema, document, language }.value(slot, &field.ty, &mut text);
    text
}

struct Display<'a> {
    schema: &'a Schema,
    document: &'a Document,
    language: Language,
}

impl Display<'_> {
    fn word<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn value(&self, at: u32, ty: &Type, text: &mut String) {
        if let Type::Record(id) = ty {
            for field in &self.schema.record(*id).fields {
                if field.sensitive.is_none() && !field.collected && field.derive.is_none() {
                    self.value(at + field.offset, &field.ty, text);
                }
                if !text.is_empty() {
                    return;
                }
            }
            return;
        }
        match (self.document.slot(at), ty) {
            (Slot::Text { start, len }, _) => text.push_str(self.document.text(start, len)),
            (Slot::Bool(true), _) => text.push_str(self.word("是", "yes")),
            (Slot::Bool(false), _) => text.push_str(self.word("否", "no")),
            (Slot::Int(number), ty) => self.number(number, ty, text),
            (list @ (Slot::List { .. } | Slot::Refs { .. }), Type::List(element)) => self.list(list, element, text),
            _ => {}
        }
    }

    fn number(&self, number: i64, ty: &Type, text: &mut String) {
        match ty {
            Type::Enum(id) => {
                let value = self.schema.enumeration(*id).value(number);
                text.push_str(value.map(|value| words_of(&value.label, self.language)).unwrap_or_default());
            }
            Type::Expiry if number == LONG_TERM_DAY => text.push_str(self.word("长期", "long term")),
            Type::Date | Type::Expiry => {
                let day = i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
                text.push_str(&day.map(|day| day.to_string()).unwrap_or_default());
            }
            Type::Region2 => text.push_str(&format!("{number:02}")),
            Type::Region6 => text.push_str(&format!("{number:06}")),
            _ => text.push_str(&number.to_string()),
        }
    }

    fn list(&self, list: Slot, element: &Type, text: &mut String) {
        let width = self.schema.width(element);
        let comma = self.word("、", ", ");
        let elements = (0..self.document.len(list).unwrap_or(0)).filter_map(|index| {
            let mut part = String::new();
            self.value(self.document.element(list, index, width)?, element, &mut part);
            Some(part)
        });
        text.push_str(&elements.collect::<Vec<_>>().join(comma));
    }
}
