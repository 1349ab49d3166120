//! Dates and times, in the forms whose meaning no setting of the session changes.

use super::Canonical;

const EVALUATED: Canonical = Canonical::Unknown("it is evaluated when the statement runs");
const UNUSUAL: Canonical = Canonical::Unknown("only ISO dates and times are read");
const ZONED: Canonical = Canonical::Unknown("it means a time in the session's time zone");

/// A date and time of day as days and microseconds.
struct Moment {
    day: Option<i64>,
    microseconds: i64,
    /// The offset of the zone in seconds, where one is written.
    offset: Option<i64>,
}

/// Returns the canonical text of a `date`.
pub(super) fn date(text: &str) -> Canonical {
    match special(text) {
        Some(special) => special,
        None => read(text).and_then(|moment| moment.day).map_or(UNUSUAL, |day| Canonical::Known(day.to_string())),
    }
}

/// Returns the canonical text of a `timestamp`, which reads over a zone.
pub(super) fn timestamp(text: &str) -> Canonical {
    match (special(text), read(text)) {
        (Some(special), _) => special,
        (None, Some(Moment { day: Some(day), microseconds, .. })) => Canonical::Known(format!("{day} {microseconds}")),
        _ => UNUSUAL,
    }
}

/// Returns the canonical text of a `timestamptz`.
pub(super) fn timestamptz(text: &str) -> Canonical {
    match (special(text), read(text)) {
        (Some(special), _) => special,
        (None, Some(Moment { day: Some(day), microseconds, offset: Some(offset) })) => Canonical::Known(
            (i128::from(day) * 86_400_000_000 + i128::from(microseconds) - i128::from(offset) * 1_000_000).to_string(),
        ),
        (None, Some(Moment { day: Some(_), offset: None, .. })) => ZONED,
        _ => UNUSUAL,
    }
}

/// Returns the canonical text of a `time`.
pub(super) fn time(text: &str) -> Canonical {
    match (special(text), clock(text.trim())) {
        (Some(_), _) => EVALUATED,
        (None, Some(microseconds)) => Canonical::Known(microseconds.to_string()),
        _ => UNUSUAL,
    }
}

/// Returns what the words mean that stand for dates.
fn special(text: &str) -> Option<Canonical> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "infinity" | "-infinity" => Some(Canonical::Known(word)),
        "now" | "now()" | "today" | "tomorrow" | "yesterday" | "allballs" => Some(EVALUATED),
        _ => None,
    }
}

fn read(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("epoch") {
        return Some(Moment { day: Some(0), microseconds: 0, offset: Some(0) });
    }
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    let day = Some(day(date)?);
    if rest.is_empty() {
        return Some(Moment { day, microseconds: 0, offset: None });
    }
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let microseconds = clock(&rest[..end])?;
    let zone = rest[end..].trim();
    let offset = if zone.is_empty() { None } else { Some(offset(zone)?) };
    Some(Moment { day, microseconds, offset })
}

/// Returns the day of `2020-1-31` or `20200131`, counted from 1970-01-01.
fn day(text: &str) -> Option<i64> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = if text.len() == 8 && digits(text) {
        (&text[..4], &text[4..6], &text[6..])
    } else {
        let mut parts = text.split('-');
        let found = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        found
    };
    // With two digits the year's place depends on DateStyle.
    if !(4..=5).contains(&year.len()) || month.len() > 2 || day.len() > 2 {
        return None;
    }
    if ![year, month, day].iter().all(|part| !part.is_empty() && digits(part)) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=length).contains(&day) {
        return None;
    }
    // Days from civil, by Howard Hinnant: years begin in March, so that the leap day is the last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Returns the microseconds of `10:00`, `10:00:00` or `10:00:00.5`.
pub(super) fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = match parts.next() {
        None => 0,
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
            two(whole)? * 1_000_000 + microseconds(fraction)?
        }
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second >= 60_000_000 {
        return None;
    }
    Some((hour * 60 + minute) * 60_000_000 + second)
}

fn two(text: &str) -> Option<i64> {
    let fine = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fine { text.parse().ok() } else { None }
}

/// Returns a fraction of a second in microseconds; one with more digits would be rounded.
pub(super) fn microseconds(fraction: &str) -> Option<i64> {
    if fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<6}").parse().ok()
}

/// Returns the seconds of `Z`, `UTC`, `+02`, `+0200` or `-02:30`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") || zone.eq_ignore_ascii_case("utc") || zone.eq_ignore_ascii_case("gmt") {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes()[0] {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => (rest, "0"),
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
