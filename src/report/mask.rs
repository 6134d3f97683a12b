//! Sensitive values as they may be shown.

use crate::schema::Sensitivity;

/// Hides the middle of a value: enough is left to recognise one's own.
pub fn mask(sensitivity: Sensitivity, value: &str) -> String {
    match sensitivity {
        Sensitivity::Phone => keep(value, 3, 4),
        Sensitivity::Id => keep(value, 3, 4),
        Sensitivity::Email => match value.split_once('@') {
            Some((name, domain)) => format!("{}@{domain}", keep(name, 1, 0)),
            None => keep(value, 1, 0),
        },
    }
}

/// Keeps the ends of a text that is long enough; hides a short one wholly.
fn keep(value: &str, start: usize, end: usize) -> String {
    let chars: Vec<char> = value.chars().collect();
    // at least as much is hidden as is shown
    if chars.len() < 2 * (start + end).max(1) - (start + end).min(4) {
        return "****".to_owned();
    }
    let first: String = chars.iter().take(start).collect();
    let last: String = chars.iter().skip(chars.len() - end).collect();
    format!("{first}****{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept_and_the_middle_is_hidden() {
        assert_eq!(mask(Sensitivity::Phone, "13800000000"), "138****0000");
        assert_eq!(mask(Sensitivity::Id, "440305199001011234"), "440****1234");
        assert_eq!(mask(Sensitivity::Email, "zhangsan@example.cn"), "z****@example.cn");
        assert_eq!(mask(Sensitivity::Phone, "138"), "****");
        assert_eq!(mask(Sensitivity::Id, "1234567"), "****");
        assert_eq!(mask(Sensitivity::Email, ""), "****");
    }
}
