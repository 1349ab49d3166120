//! Bytes and UUIDs.

/// Returns a UUID in lower case with its hyphens.
pub(super) fn uuid(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let hex = inner.replace('-', "").to_ascii_lowercase();
    if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// Returns bits as zeros and ones, from those or from hexadecimal digits.
pub(super) fn bits(text: &str) -> Option<String> {
    let digits = |radix: u32, width: usize, text: &str| {
        text.chars().map(|c| c.to_digit(radix).map(|digit| format!("{digit:0width$b}"))).collect()
    };
    match text.strip_prefix(['x', 'X']) {
        Some(hex) => digits(16, 4, hex),
        None => digits(2, 1, text.strip_prefix(['b', 'B']).unwrap_or(text)),
    }
}

/// Returns bytes in hexadecimal, from that or from the older form with escapes.
pub(super) fn bytea(text: &str) -> Option<String> {
    if let Some(hex) = text.strip_prefix("\\x") {
        let hex: String = hex.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let pairs = hex.len() % 2 == 0 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        return pairs.then(|| format!("\\x{}", hex.to_ascii_lowercase()));
    }
    let mut hex = String::from("\\x");
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte != b'\\' {
            byte
        } else {
            match rest.next()? {
                b'\\' => b'\\',
                first @ b'0'..=b'3' => {
                    let (second, third) = (rest.next()?, rest.next()?);
                    if !(b'0'..=b'7').contains(&second) || !(b'0'..=b'7').contains(&third) {
                        return None;
                    }
                    (first - b'0') * 64 + (second - b'0') * 8 + (third - b'0')
                }
                _ => return None,
            }
        };
        hex.push_str(&format!("{byte:02x}"));
    }
    Some(hex)
}
