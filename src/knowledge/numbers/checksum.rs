//! Check characters of numbers, by the names that the table of formats gives them.
//!
//! In: a number in one form (capital letters, no spaces). Out: whether its last character fits the others.

/// How the check character of a number is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// GB 11643-1999, ISO 7064 MOD 11-2: identity numbers.
    Gb11643,
    /// GB 32100-2015, MOD 31: unified social credit codes.
    UsccMod31,
    /// GB 11714-1997, MOD 11: organisation codes.
    OrgcodeMod11,
    /// GS 15-2006, ISO 7064 MOD 11,10: registration numbers of businesses, before the unified code.
    Iso7064Mod11And10,
}

/// Digits and letters of a unified social credit code, in the order of their values.
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGCODE_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters of an identity number, by the remainder.
const ID_CHECKS: &[u8; 11] = b"10X98765432";

impl Checksum {
    /// The names that the table may use.
    pub const NAMES: [&'static str; 4] = ["gb11643", "uscc_mod31", "orgcode_mod11", "iso7064_mod11_10"];

    /// The algorithm of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gb11643" => Self::Gb11643,
            "uscc_mod31" => Self::UsccMod31,
            "orgcode_mod11" => Self::OrgcodeMod11,
            "iso7064_mod11_10" => Self::Iso7064Mod11And10,
            _ => return None,
        })
    }

    /// Does the last character fit the others?
    pub fn holds(self, number: &str) -> bool {
        let Some((check, body)) = number.as_bytes().split_last() else { return false };
        self.check(body) == Some(*check)
    }

    /// The check character of a number without it; `None` where the length or a character is wrong.
    pub fn check(self, body: &[u8]) -> Option<u8> {
        match self {
            Self::Gb11643 => {
                let sum = weighted(body, &ID_WEIGHTS, |c| char::from(c).to_digit(10))?;
                ID_CHECKS.get((sum % 11) as usize).copied()
            }
            Self::UsccMod31 => {
                let sum = weighted(body, &USCC_WEIGHTS, |c| {
                    USCC_ALPHABET.iter().position(|own| *own == c).and_then(|at| u32::try_from(at).ok())
                })?;
                USCC_ALPHABET.get(((31 - sum % 31) % 31) as usize).copied()
            }
            Self::OrgcodeMod11 => {
                let sum = weighted(body, &ORGCODE_WEIGHTS, |c| char::from(c).to_digit(36))?;
                match 11 - sum % 11 {
                    10 => Some(b'X'),
                    11 => Some(b'0'),
                    digit => Some(b'0' + digit as u8),
                }
            }
            Self::Iso7064Mod11And10 => {
                let mut product = 10;
                for c in body {
                    let sum = (product + char::from(*c).to_digit(10)?) % 10;
                    product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
                }
                (body.len() == 14).then_some(b'0' + ((11 - product) % 10) as u8)
            }
        }
    }
}

fn weighted(body: &[u8], weights: &[u32], value: impl Fn(u8) -> Option<u32>) -> Option<u32> {
    if body.len() != weights.len() {
        return None;
    }
    body.iter().zip(weights).map(|(c, weight)| Some(value(*c)? * weight)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODIES: [(Checksum, &str); 4] = [
        (Checksum::Gb11643, "[1-9][0-9]{16}"),
        (Checksum::UsccMod31, "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}"),
        (Checksum::OrgcodeMod11, "[0-9A-Z]{8}"),
        (Checksum::Iso7064Mod11And10, "[1-9][0-9]{13}"),
    ];

    fn full(checksum: Checksum, body: &str) -> String {
        let check = checksum.check(body.as_bytes()).expect("a body of the right length");
        format!("{body}{}", char::from(check))
    }

    #[test]
    fn published_numbers_hold() {
        assert!(Checksum::Gb11643.holds("11010519491231002X"), "the example of GB 11643");
        assert!(Checksum::Gb11643.holds("440524188001010014"), "the other example of GB 11643");
        assert!(Checksum::UsccMod31.holds("91440000FAKE000132"));
        assert!(!Checksum::UsccMod31.holds("91440000FAKE000131"));
        assert!(!Checksum::UsccMod31.holds("91I40000FAKE000132"), "I is no letter of these codes");
        assert!(Checksum::OrgcodeMod11.holds("D2143569X"), "the example of GB 11714");
        assert!(Checksum::OrgcodeMod11.holds("MA1BUFLT4"));
        assert!(Checksum::Iso7064Mod11And10.holds("110108000000016"), "the example of GS 15");
        for checksum in [Checksum::Gb11643, Checksum::UsccMod31, Checksum::OrgcodeMod11, Checksum::Iso7064Mod11And10] {
            assert!(!checksum.holds(""));
            assert!(!checksum.holds("1"));
        }
    }

    #[test]
    fn every_name_is_an_algorithm() {
        for name in Checksum::NAMES {
            assert!(Checksum::named(name).is_some(), "{name}");
        }
        assert_eq!(Checksum::named("luhn"), None);
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_noticed(
            (checksum, body) in (0..4_usize).prop_flat_map(|at| {
                let (checksum, body) = BODIES[at];
                (Just(checksum), proptest::string::string_regex(body).expect("a regular expression"))
            }),
            at in 0..17_usize,
            by in 1..10_u8,
        ) {
            let number = full(checksum, &body);
            prop_assert!(checksum.holds(&number));
            let mut changed = number.clone().into_bytes();
            let at = at % changed.len();
            if changed[at].is_ascii_digit() {
                changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
                let changed = String::from_utf8(changed).expect("ASCII");
                prop_assert!(!checksum.holds(&changed), "{} and {}", number, changed);
            }
        }

        #[test]
        fn two_swapped_neighbours_of_an_identity_number_are_noticed(body in "[1-9][0-9]{16}", at in 0..16_usize) {
            let number = full(Checksum::Gb11643, &body);
            let mut swapped = number.clone().into_bytes();
            swapped.swap(at, at + 1);
            let swapped = String::from_utf8(swapped).expect("ASCII");
            prop_assert_eq!(Checksum::Gb11643.holds(&swapped), swapped == number);
        }
    }
}
