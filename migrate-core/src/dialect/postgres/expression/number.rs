//! Numbers, by their value and scale.

use super::node::Node;
use super::typename::Type;

/// The most digits that an exponent may add.
const EXPONENT: i64 = 1000;

/// Returns the literal that a number in the text is: an integer of the smallest type that holds it, or a numeric.
pub(super) fn token(text: &str) -> Option<Node> {
    let digits = text.replace('_', "");
    let based = [("0x", 16), ("0o", 8), ("0b", 2)]
        .iter()
        .find_map(|(prefix, radix)| digits.strip_prefix(prefix).map(|digits| i128::from_str_radix(digits, *radix)));
    let digits = match based {
        Some(value) => value.ok()?.to_string(),
        None => digits,
    };
    let written_as_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    let value = canonical(&digits)?;
    let data_type = match value.parse::<i64>() {
        Ok(small) if written_as_integer && i32::try_from(small).is_ok() => "int4",
        Ok(_) if written_as_integer => "int8",
        _ => "numeric",
    };
    Some(Node::literal(value, Type::server(data_type)))
}

/// Returns a number as the server writes a `numeric`: without exponent, with its scale.
pub(super) fn canonical(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || exponent.abs() > EXPONENT {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let (whole, fraction) = if point <= 0 {
        (String::new(), format!("{}{digits}", "0".repeat(usize::try_from(-point).ok()?)))
    } else {
        let point = usize::try_from(point).ok()?;
        let digits = format!("{digits:0<point$}");
        (digits[..point].to_owned(), digits[point..].to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let zero = whole == "0" && fraction.bytes().all(|byte| byte == b'0');
    let sign = if negative && !zero { "-" } else { "" };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Returns a whole number in canonical text, if it fits between the bounds.
pub(super) fn integer(text: &str, bits: u32) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = text.parse::<i64>().ok()?;
    let most = i64::MAX >> (64 - bits);
    (-most - 1..=most).contains(&value).then(|| value.to_string())
}

/// Returns a floating point number in a text that only equal ones have.
pub(super) fn float(text: &str, single: bool) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
    match text.as_str() {
        "nan" => return Some("NaN".into()),
        "infinity" | "inf" | "+infinity" | "+inf" => return Some("Infinity".into()),
        "-infinity" | "-inf" => return Some("-Infinity".into()),
        _ => {}
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.e".contains(&byte)) {
        return None;
    }
    if single {
        text.parse::<f32>().ok().filter(|value| value.is_finite()).map(|value| format!("{value:e}"))
    } else {
        text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| format!("{value:e}"))
    }
}

/// Returns the number with its sign turned.
pub(super) fn negate(value: &str) -> String {
    match value.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None if value.bytes().all(|byte| matches!(byte, b'0' | b'.')) => value.to_owned(),
        None => format!("-{value}"),
    }
}
