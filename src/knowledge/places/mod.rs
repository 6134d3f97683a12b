//! Provinces, cities and districts that a text names or a code stands for.
//!
//! In: the tables of provinces and of divisions. Out: codes of GB/T 2260; nothing where a text leaves it open, never a
//! guess. An address is read from left to right; every name narrows down what was found before it, and a name that does not
//! fit is passed over.

mod names;
#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use self::names::{Bearer, Found, Names};
use crate::source::Diagnostics;
use crate::table::{ColumnType, Table};

/// A place, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The province: two digits.
    pub province: Option<u8>,
    /// The city (or prefecture, league, county under the province itself): six digits.
    pub city: Option<u32>,
    /// The district or county: six digits.
    pub district: Option<u32>,
}

/// Finds places.
#[derive(Debug)]
pub struct Places {
    names: Names,
    provinces: FxHashMap<u8, Box<str>>,
    /// Every division that has a code, cities included.
    divisions: FxHashMap<u32, Known>,
    /// The names of divisions, one after the other.
    labels: String,
    /// Provinces that are one city, of the same name.
    only_city: FxHashMap<u8, u32>,
    /// Cities of which the district is known as well: those with one of their own name, and those with none, which stand for
    /// it themselves.
    only_district: FxHashMap<u32, u32>,
}

/// What is known of a code.
#[derive(Debug, Clone, Copy)]
struct Known {
    city: u32,
    /// Where its name begins in the labels, and ends.
    label: (u32, u32),
}

/// A row of the table of divisions.
struct Division<'t> {
    place: Place,
    city: u32,
    name: &'t str,
    short: &'t str,
}

impl Places {
    /// Reads `provinces` (`code`, `name`, `short`) and `divisions` (`code`, `name`, `short`, `city`). The city of a division is
    /// the one of the first four digits of its code, unless `city` says another; a division that is its own city is a
    /// city. A row without a code is another name of its `city`, or a new county in it whose code is not known.
    ///
    /// # Errors
    /// Missing columns, and codes that are none.
    pub fn new(provinces: &Table, divisions: &Table) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::new();
        let mut names: Vec<(&str, Bearer)> = Vec::with_capacity(divisions.rows.len() + divisions.rows.len() / 4);
        let codes = read_provinces(provinces, &mut names, &mut out)?;
        let divisions = read_divisions(divisions, &codes, &mut out)?;
        if !out.is_empty() {
            return Err(out);
        }
        let mut places = Self {
            names: Names::default(),
            provinces: codes,
            divisions: FxHashMap::default(),
            labels: String::new(),
            only_city: FxHashMap::default(),
            only_district: FxHashMap::default(),
        };
        places.divisions.reserve(divisions.len());
        let province_names: FxHashSet<(Option<u8>, &str)> =
            names.iter().map(|(name, bearer)| (bearer.place.province, *name)).collect();
        let mut city_names: FxHashSet<(u32, &str)> = FxHashSet::default();
        for Division { place, city, name, short } in &divisions {
            places.learn(place.district.unwrap_or(*city), *city, name);
            if place.district.is_none() {
                places.only_district.insert(*city, *city);
                city_names.insert((*city, name));
                if let Some(province) = place.province.filter(|_| province_names.contains(&(place.province, *name))) {
                    places.only_city.insert(province, *city);
                }
            }
            add(&mut names, name, Bearer { place: *place, short: false });
            if short != name {
                add(&mut names, short, Bearer { place: *place, short: true });
            }
        }
        for Division { place, city, name, .. } in &divisions {
            let Some(district) = place.district else { continue };
            if city_names.contains(&(*city, *name)) {
                places.only_district.insert(*city, district);
            } else if places.only_district.get(city) == Some(city) {
                places.only_district.remove(city);
            }
        }
        places.names = Names::new(names);
        Ok(places)
    }

    /// The province that a text names, or that a code of two or six digits stands for.
    pub fn province(&self, text: &str) -> Option<u8> {
        self.place(text).province
    }

    /// The city that a text names or a code of six digits stands for. A municipality is one city, and a county directly
    /// under its province counts as a city.
    pub fn city(&self, text: &str) -> Option<u32> {
        self.place(text).city
    }

    /// The district or county that a text names or a code of six digits stands for. A city without districts is its own.
    pub fn district(&self, text: &str) -> Option<u32> {
        self.place(text).district
    }

    /// Everything about the place that a text names or a code stands for.
    pub fn place(&self, text: &str) -> Place {
        let text = text.trim();
        match text.parse::<u32>() {
            Ok(code) if text.len() == 6 => self.place_of(code),
            Ok(code) if text.len() == 2 => {
                self.complete(Place { province: self.known_province(code), ..Place::default() })
            }
            _ => self.complete(self.resolve(text)),
        }
    }

    /// The place of a code of six digits. Codes end: one that is not in the table still tells its province, and its city
    /// when there is one of its first four digits.
    pub fn place_of(&self, code: u32) -> Place {
        let province = self.known_province(code / 10_000);
        let known = self.divisions.get(&code).or_else(|| self.divisions.get(&(code / 100 * 100)));
        let city = known.map(|known| known.city);
        let district = Some(code).filter(|code| self.divisions.contains_key(code) && city != Some(*code));
        self.complete(Place { province, city, district })
    }

    /// The name of a code: of two digits for a province, of six for a division (or, ending in four zeros, a province).
    pub fn name_of(&self, code: u32) -> Option<&str> {
        let province = if code < 100 { code } else { code / 10_000 };
        if code < 100 || code.is_multiple_of(10_000) {
            return self.provinces.get(&u8::try_from(province).ok()?).map(|name| &**name);
        }
        let (start, end) = self.divisions.get(&code)?.label;
        self.labels.get(start as usize..end as usize)
    }

    /// Does the text have the name of a place in it?
    pub fn contains_place(&self, text: &str) -> bool {
        self.names.find(text).any(|found| !is_vague(found.text))
    }

    /// The names of places in a text.
    pub fn names_in<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.names.find(text).filter(|found| !is_vague(found.text)).map(|found| found.text)
    }

    /// Keeps what a code stands for; the first row of a code gives its name, later ones are other names.
    fn learn(&mut self, code: u32, city: u32, name: &str) {
        let start = self.labels.len() as u32;
        self.divisions.entry(code).or_insert_with(|| {
            self.labels.push_str(name);
            Known { city, label: (start, self.labels.len() as u32) }
        });
    }

    fn known_province(&self, code: u32) -> Option<u8> {
        let code = u8::try_from(code).ok()?;
        self.provinces.contains_key(&code).then_some(code)
    }

    /// Adds what follows from the rest: the city of a municipality, the district of a city that has but one.
    fn complete(&self, place: Place) -> Place {
        let city = place.city.or_else(|| self.only_city.get(&place.province?).copied());
        let district = place.district.or_else(|| self.only_district.get(&city?).copied());
        Place { province: place.province, city, district }
    }

    fn resolve(&self, text: &str) -> Place {
        // Several while the names so far leave it open: 鼓楼区 is in four cities.
        let mut open: Option<Vec<Place>> = None;
        for found in self.names.find(text) {
            let vague = open.is_none() && is_vague(found.text);
            if vague || is_road(&found) {
                continue;
            }
            let narrowed = match &open {
                Some(places) => narrow(places, found.bearers),
                None => coarsest(found.bearers.iter().map(|bearer| (bearer.place.level(), bearer.place))),
            };
            if !narrowed.is_empty() {
                open = Some(narrowed);
            }
        }
        let places = open.unwrap_or_default();
        Place {
            province: agreed(&places, |place| place.province),
            city: agreed(&places, |place| place.city),
            district: agreed(&places, |place| place.district),
        }
    }
}

impl Place {
    /// 1 for a province, 2 for a city, 3 for a district.
    fn level(self) -> u8 {
        u8::from(self.province.is_some()) + u8::from(self.city.is_some()) + u8::from(self.district.is_some())
    }

    /// The finer of two places of which one lies in the other.
    fn meet(self, other: Self) -> Option<Self> {
        let finer = if self.level() >= other.level() { self } else { other };
        let agrees = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        let met = agrees(self.province.map(u32::from), other.province.map(u32::from))
            && agrees(self.city, other.city)
            && agrees(self.district, other.district);
        met.then_some(finer)
    }
}

/// What remains of the open places when a further name is read: those that it makes finer, by the coarsest of its
/// bearers (吉林 after 吉林省 is the city), else those that it merely repeats.
fn narrow(open: &[Place], bearers: &[Bearer]) -> Vec<Place> {
    let mut finer = Vec::new();
    let mut same = Vec::new();
    for place in open {
        for bearer in bearers {
            let Some(met) = place.meet(bearer.place) else { continue };
            let list = if met == *place { &mut same } else { &mut finer };
            list.push((bearer.place.level(), met));
        }
    }
    coarsest(if finer.is_empty() { same } else { finer })
}

/// A name that a province and a city have (海南), or a city and a county, means the larger of the two.
fn coarsest(places: impl IntoIterator<Item = (u8, Place)> + Clone) -> Vec<Place> {
    let level = places.clone().into_iter().map(|(level, _)| level).min();
    places.into_iter().filter(|(own, _)| Some(*own) == level).map(|(_, place)| place).collect()
}

/// What all places have in common.
fn agreed<T: PartialEq>(places: &[Place], part: impl Fn(&Place) -> Option<T>) -> Option<T> {
    let first = part(places.first()?)?;
    places.iter().all(|place| part(place).as_ref() == Some(&first)).then_some(first)
}

/// 城区, 郊区, 东区: real districts, but in most texts no names.
fn is_vague(name: &str) -> bool {
    name.ends_with('区') && name.chars().count() == 2
}

/// The short name of a place with a word for a road behind it is a road in some other place: 南京东路, 中山大道.
fn is_road(found: &Found<'_, '_>) -> bool {
    const ROADS: [&str; 6] = ["大道", "大街", "路", "街", "道", "巷"];
    const NO_ROADS: [&str; 11] =
        ["路桥", "路政", "路灯", "路由", "路演", "路网", "街舞", "街区", "道路", "道具", "道教"];
    let numbered = |c: char| "东南西北中环一二三四五六七八九十".contains(c);
    let rest = found.rest.trim_start_matches(numbered);
    found.bearers.iter().any(|bearer| bearer.short)
        && ROADS.iter().any(|road| rest.starts_with(road))
        && !NO_ROADS.iter().any(|word| rest.starts_with(word))
}

/// The number of a province's two digits.
pub(super) fn province_code(text: &str) -> Option<u8> {
    let good = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| good)
}

fn division_code(text: &str) -> Option<u32> {
    let good = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| good)
}

fn add<'t>(names: &mut Vec<(&'t str, Bearer)>, name: &'t str, bearer: Bearer) {
    if !name.is_empty() {
        names.push((name, bearer));
    }
}

fn read_provinces<'t>(
    table: &'t Table,
    names: &mut Vec<(&'t str, Bearer)>,
    out: &mut Diagnostics,
) -> Result<FxHashMap<u8, Box<str>>, Diagnostics> {
    let [code, name, short] =
        table.require([("code", ColumnType::Text), ("name", ColumnType::Text), ("short", ColumnType::Text)])?;
    let mut codes = FxHashMap::default();
    for row in 0..table.rows.len() {
        let text = table.cell(row, code).as_text().unwrap_or_default();
        let Some(code) = province_code(text) else {
            out.push(table.row_error(row, "unknown-value", format!("`{text}` is no code of a province: two digits")));
            continue;
        };
        let name = table.cell(row, name).as_text().unwrap_or_default();
        codes.insert(code, name.into());
        let place = Place { province: Some(code), ..Place::default() };
        add(names, name, Bearer { place, short: false });
        add(names, table.cell(row, short).as_text().unwrap_or_default(), Bearer { place, short: true });
    }
    Ok(codes)
}

fn read_divisions<'t>(
    table: &'t Table,
    provinces: &FxHashMap<u8, Box<str>>,
    out: &mut Diagnostics,
) -> Result<Vec<Division<'t>>, Diagnostics> {
    let [code, name, short, city] = table.require([
        ("code", ColumnType::Text),
        ("name", ColumnType::Text),
        ("short", ColumnType::Text),
        ("city", ColumnType::Text),
    ])?;
    let mut divisions = Vec::with_capacity(table.rows.len());
    for row in 0..table.rows.len() {
        let text = |column| table.cell(row, column).as_text().unwrap_or_default();
        let own = if text(code).is_empty() { text(city) } else { text(code) };
        let own = division_code(own);
        let city = if text(city).is_empty() { own.map(|own| own / 100 * 100) } else { division_code(text(city)) };
        let (Some(own), Some(city)) = (own, city) else {
            out.push(table.row_error(
                row,
                "unknown-value",
                "`code` and `city` are six digits, and one of them is there",
            ));
            continue;
        };
        let province = u8::try_from(own / 10_000).ok().filter(|code| provinces.contains_key(code));
        if province.is_none() || own / 10_000 != city / 10_000 {
            out.push(table.row_error(row, "unknown-value", format!("`{own}` and `{city}` are not in one province")));
            continue;
        }
        let district = (own != city).then_some(own);
        divisions.push(Division {
            place: Place { province, city: Some(city), district },
            city,
            name: text(name),
            short: text(short),
        });
    }
    Ok(divisions)
}
