//! [`Knowledge`] as conditions ask it.

use crate::condition::{Builtin, Knows, Reason, Value};
use crate::knowledge::{Gender, Knowledge, han_count, normalize, pinyin, years_between};
use crate::schema::format::Format;

impl Knows for Knowledge {
    fn call<'d>(&self, builtin: Builtin, arguments: &[Value<'d>]) -> Result<Value<'d>, Option<Reason>> {
        let text = |index: usize| arguments.get(index).and_then(Value::as_text).unwrap_or_default();
        let int = |index: usize| arguments.get(index).and_then(Value::as_int).unwrap_or_default();
        let region = |code: Option<u8>| code.map(|code| Value::Int(i64::from(code))).ok_or(None);
        let division = |code: Option<u32>| code.map(|code| Value::Int(i64::from(code))).ok_or(None);
        let boolean = |value: Option<bool>| value.map(Value::Bool).ok_or(None);
        let owned =
            |value: Option<std::borrow::Cow<'_, str>>| value.map(|text| Value::text(text.into_owned())).ok_or(None);
        match builtin {
            Builtin::WorkdaysBetween => self.workdays(int(0), int(1)),
            Builtin::YearsBetween => years_between(int(0), int(1)).map(Value::Int).ok_or(None),
            Builtin::Province => match arguments.first() {
                Some(Value::Int(code)) => Ok(Value::Int(code / 10_000)),
                _ => region(self.province(text(0))),
            },
            Builtin::City => match arguments.first() {
                Some(Value::Int(code)) => division(self.place_of(*code as u32).and_then(|place| place.city)),
                _ => division(self.city(text(0))),
            },
            Builtin::District => match arguments.first() {
                Some(Value::Int(code)) => Ok(Value::Int(*code)),
                _ => division(self.district(text(0))),
            },
            Builtin::ContainsPlace => boolean(self.contains_place(text(0))),
            Builtin::Suffix => owned(self.suffix(text(0))),
            Builtin::BaseDomain => owned(self.base_domain(text(0))),
            Builtin::DomainLabel => owned(self.domain_label(text(0))),
            Builtin::Level => self.level(text(0)).map(Value::Int).ok_or(None),
            Builtin::IsDomain => Ok(Value::Bool(self.is_domain(text(0)))),
            Builtin::NumberOk => boolean(self.number_ok(text(0), text(1))),
            Builtin::BirthDate => self.birth_date(text(0), text(1)).map(Value::Int).ok_or(None),
            Builtin::Gender => match self.gender(text(0), text(1)) {
                Some(Gender::Male) => Ok(Value::text("male")),
                Some(Gender::Female) => Ok(Value::text("female")),
                None => Err(None),
            },
            Builtin::IssuingRegion => region(self.issuing_region(text(0), text(1))),
            Builtin::PhoneRegion => region(self.phone_region(text(0))),
            Builtin::IsMobile => boolean(self.is_mobile(text(0))),
            Builtin::HanCount => Ok(Value::Int(han_count(text(0)) as i64)),
            Builtin::Pinyin => Ok(Value::text(pinyin(text(0)))),
            Builtin::Normalize => Ok(Value::text(normalize(text(0)).into_owned())),
            Builtin::Related => boolean(self.related(text(0), text(1))),
            // lengths of time and differences of days are computed where expressions are evaluated
            Builtin::Months | Builtin::Days | Builtin::Years | Builtin::DaysBetween => Err(None),
        }
    }

    fn well_formed(&self, format: Format, text: &str, of: Option<&str>) -> Option<bool> {
        format.check(text, of, self)
    }

    fn region_name(&self, code: i64) -> Option<String> {
        self.region_name_of(u32::try_from(code).ok()?)
    }
}

impl Knowledge {
    fn workdays<'d>(&self, from: i64, to: i64) -> Result<Value<'d>, Option<Reason>> {
        match self.workdays_between(from, to) {
            Some(Ok(days)) => Ok(Value::Int(days)),
            Some(Err(year)) => Err(Some(format!("{}年的节假日安排还没有收录，工作日数不能确定", year.0))),
            None => Err(None),
        }
    }
}
