//! Intervals, as months, days and microseconds.

use super::Canonical;
use super::date::{clock, microseconds};

const UNUSUAL: Canonical = Canonical::Unknown("it is not in a form of interval that is read");

/// Returns the canonical text of an `interval`.
///
/// The last field of its type is the unit of a bare number, and what is smaller is cut off.
pub(super) fn canonical(text: &str, fields: Option<&str>) -> Canonical {
    let last = fields.map_or("second", |fields| fields.rsplit(' ').next().unwrap_or(fields));
    if !["year", "month", "day", "hour", "minute", "second"].contains(&last) {
        // A precision rounds.
        return UNUSUAL;
    }
    let text = text.trim();
    let read = if text.starts_with(['P', 'p']) { iso(text) } else { words(text, last) };
    match read.map(|read| cut(read, last)) {
        Some([months, days, microseconds]) => Canonical::Known(format!("{months} {days} {microseconds}")),
        None => UNUSUAL,
    }
}

/// Cuts a canonical interval to the fields of a type.
pub(in crate::dialect::postgres::expression) fn restrict(canonical: &str, fields: &str) -> Option<String> {
    let parts: Vec<i64> = canonical.split(' ').map_while(|part| part.parse().ok()).collect();
    let last = fields.rsplit(' ').next()?;
    let plain = last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let [months, days, time] = cut(parts.try_into().ok()?, last);
    plain.then(|| format!("{months} {days} {time}"))
}

fn cut([months, days, time]: [i64; 3], last: &str) -> [i64; 3] {
    match last {
        "year" => [months - months % 12, 0, 0],
        "month" => [months, 0, 0],
        "day" => [months, days, 0],
        "hour" => [months, days, time - time % 3_600_000_000],
        "minute" => [months, days, time - time % 60_000_000],
        _ => [months, days, time],
    }
}

/// Reads `1 year 2 mons -3 days 04:05:06`.
fn words(text: &str, bare: &str) -> Option<[i64; 3]> {
    let mut total = [0; 3];
    let spaced = spaced(text);
    let mut rest = spaced.split_ascii_whitespace().peekable();
    rest.peek()?;
    while let Some(word) = rest.next() {
        let (negative, unsigned) = match word.as_bytes()[0] {
            b'-' => (true, &word[1..]),
            b'+' => (false, &word[1..]),
            _ => (false, word),
        };
        let part = if unsigned.contains(':') {
            [0, 0, hours(unsigned)?]
        } else {
            let unit = rest.next_if(|next| next.as_bytes()[0].is_ascii_alphabetic()).unwrap_or(bare);
            amount(unsigned, unit)?
        };
        for (sum, part) in total.iter_mut().zip(part) {
            *sum = i64::checked_add(*sum, if negative { -part } else { part })?;
        }
    }
    Some(total)
}

/// Puts a space between a number and its unit: `1d` is `1 d`.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        let c = c.to_ascii_lowercase();
        if before.is_ascii_digit() && c.is_ascii_alphabetic() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    spaced
}

/// Reads `04:05:06.7`, whose hours may be more than a day's.
fn hours(text: &str) -> Option<i64> {
    let (hours, rest) = text.split_once(':')?;
    let hours = hours.parse::<i64>().ok().filter(|_| hours.bytes().all(|byte| byte.is_ascii_digit()))?;
    clock(&format!("0:{rest}"))?.checked_add(hours.checked_mul(3_600_000_000)?)
}

fn amount(number: &str, unit: &str) -> Option<[i64; 3]> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = whole.parse::<i64>().ok()?;
    let seconds = matches!(unit, "second" | "seconds" | "sec" | "secs" | "s");
    if !fraction.is_empty() && !seconds {
        return None;
    }
    let months = |of: i64| Some([count.checked_mul(of)?, 0, 0]);
    let days = |of: i64| Some([0, count.checked_mul(of)?, 0]);
    let time = |of: i64| Some([0, 0, count.checked_mul(of)?]);
    match unit {
        "millennium" | "millennia" => months(12_000),
        "century" | "centuries" | "c" => months(1200),
        "decade" | "decades" => months(120),
        "year" | "years" | "yr" | "yrs" | "y" => months(12),
        "month" | "months" | "mon" | "mons" => months(1),
        "week" | "weeks" | "w" => days(7),
        "day" | "days" | "d" => days(1),
        "hour" | "hours" | "hr" | "hrs" | "h" => time(3_600_000_000),
        "minute" | "minutes" | "min" | "mins" | "m" => time(60_000_000),
        "millisecond" | "milliseconds" | "ms" => time(1000),
        "microsecond" | "microseconds" | "us" => time(1),
        _ if seconds => Some([0, 0, count.checked_mul(1_000_000)?.checked_add(microseconds(fraction)?)?]),
        _ => None,
    }
}

/// Reads `P1Y2M3DT4H5M6S`.
fn iso(text: &str) -> Option<[i64; 3]> {
    let mut total = [0; 3];
    let mut time = false;
    let mut number = String::new();
    for c in text[1..].chars() {
        match c.to_ascii_uppercase() {
            'T' if !time && number.is_empty() => time = true,
            digit @ ('0'..='9' | '.') => number.push(digit),
            letter => {
                let unit = match (letter, time) {
                    ('Y', false) => "year",
                    ('M', false) => "month",
                    ('W', false) => "week",
                    ('D', false) => "day",
                    ('H', true) => "hour",
                    ('M', true) => "minute",
                    ('S', true) => "second",
                    _ => return None,
                };
                for (sum, part) in total.iter_mut().zip(amount(&number, unit)?) {
                    *sum = i64::checked_add(*sum, part)?;
                }
                number.clear();
            }
        }
    }
    (number.is_empty() && text.len() > 1).then_some(total)
}
