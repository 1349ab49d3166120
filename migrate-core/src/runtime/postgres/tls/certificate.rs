//! The few fields of an X.509 certificate that are needed here and that rustls does not give (RFC 5280, section 4.1).
//!
//! Reads DER: a tag, a length, the content. Every length is checked against what is there.

use ring::digest::{Algorithm, SHA256, SHA384, SHA512};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The optional first field of a certificate, which the first version of the format does not have.
const VERSION: u8 = 0xa0;
/// The optional last field.
const EXTENSIONS: u8 = 0xa3;

/// `commonName`, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// `subjectAltName`, 2.5.29.17.
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// A certificate's fields, as they stand in its text.
#[derive(Debug)]
pub(super) struct Certificate<'c> {
    /// What the issuer has signed.
    pub(super) signed: &'c [u8],
    /// Whether it is of the first version, which has no extensions.
    pub(super) is_version_1: bool,
    /// The content of the issuer's name.
    pub(super) issuer: &'c [u8],
    /// The content of the subject's name.
    pub(super) subject: &'c [u8],
    /// From when to when it is valid, in seconds since 1970.
    pub(super) validity: (i64, i64),
    /// The subject's key, with its algorithm.
    pub(super) key: PublicKey<'c>,
    /// The content of the identifier of the signature's algorithm.
    pub(super) signature_algorithm: &'c [u8],
    /// The issuer's signature.
    pub(super) signature: &'c [u8],
    /// Whether it names hosts as certificates do today.
    pub(super) has_alternative_names: bool,
}

/// A public key.
#[derive(Debug)]
pub(super) struct PublicKey<'c> {
    /// The whole field, as rustls takes it.
    pub(super) info: &'c [u8],
    /// The content of the identifier of its algorithm.
    pub(super) algorithm: &'c [u8],
    /// The key.
    pub(super) bits: &'c [u8],
}

impl<'c> Certificate<'c> {
    /// Reads a certificate; `None` is one that is not well formed.
    pub(super) fn read(der: &'c [u8]) -> Option<Self> {
        let mut outer = Reader::new(Reader::new(der).content(SEQUENCE)?);
        let signed = outer.element(SEQUENCE)?;
        let signature_algorithm = outer.content(SEQUENCE)?;
        let signature = bits(outer.content(BIT_STRING)?)?;

        let mut fields = Reader::new(Reader::new(signed).content(SEQUENCE)?);
        let is_version_1 = fields.optional(VERSION).is_none();
        fields.content(INTEGER)?;
        // The same identifier stands outside and inside of what is signed, and the inner one is safe from changes.
        if fields.content(SEQUENCE)? != signature_algorithm {
            return None;
        }
        let issuer = fields.content(SEQUENCE)?;
        let mut validity = Reader::new(fields.content(SEQUENCE)?);
        let validity = (validity.time()?, validity.time()?);
        let subject = fields.content(SEQUENCE)?;
        let info = fields.element(SEQUENCE)?;
        let mut key = Reader::new(Reader::new(info).content(SEQUENCE)?);
        let key = PublicKey { info, algorithm: key.content(SEQUENCE)?, bits: bits(key.content(BIT_STRING)?)? };
        let mut has_alternative_names = false;
        while let Some((tag, content, _)) = fields.next() {
            if tag == EXTENSIONS {
                has_alternative_names = names_extension(content, ALTERNATIVE_NAMES)?;
            }
        }
        Some(Self {
            signed,
            is_version_1,
            issuer,
            subject,
            validity,
            key,
            signature_algorithm,
            signature,
            has_alternative_names,
        })
    }

    /// Returns the common name of the subject: the last one, as OpenSSL does.
    pub(super) fn common_name(&self) -> Option<&'c str> {
        let mut found = None;
        let mut sets = Reader::new(self.subject);
        while let Some(set) = sets.optional(SET) {
            let mut attributes = Reader::new(set);
            while let Some(attribute) = attributes.optional(SEQUENCE) {
                let mut parts = Reader::new(attribute);
                if parts.content(OBJECT)? == COMMON_NAME {
                    let (_, value, _) = parts.next()?;
                    found = std::str::from_utf8(value).ok();
                }
            }
        }
        // A zero byte would end the name early in a program in C.
        found.filter(|name| !name.contains('\0'))
    }

    /// Returns the hash that RFC 5929 (section 4.1) binds a connection with: that of the signature, but no weaker than
    /// SHA-256. Ed25519 has none, and PSS keeps it in its parameters; there the server has no binding either.
    pub(super) fn binding_hash(&self) -> Option<&'static Algorithm> {
        const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
        const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
        let id = Reader::new(self.signature_algorithm).content(OBJECT)?;
        match (id.strip_prefix(RSA), id.strip_prefix(ECDSA)) {
            (Some([4 | 5 | 11]), _) | (_, Some([1] | [3, 2])) => Some(&SHA256),
            (Some([12]), _) | (_, Some([3, 3])) => Some(&SHA384),
            (Some([13]), _) | (_, Some([3, 4])) => Some(&SHA512),
            _ => None,
        }
    }
}

/// Says whether a list of extensions has one of this name.
fn names_extension(list: &[u8], name: &[u8]) -> Option<bool> {
    let mut extensions = Reader::new(Reader::new(list).content(SEQUENCE)?);
    while let Some(extension) = extensions.optional(SEQUENCE) {
        if Reader::new(extension).content(OBJECT)? == name {
            return Some(true);
        }
    }
    Some(false)
}

/// Returns the bytes of a bit string whose bits fill them.
fn bits(content: &[u8]) -> Option<&[u8]> {
    content.strip_prefix(&[0])
}

/// Reads elements one after the other.
struct Reader<'d> {
    rest: &'d [u8],
}

impl<'d> Reader<'d> {
    fn new(rest: &'d [u8]) -> Self {
        Self { rest }
    }

    /// Returns the next element's tag and content, and all of it.
    fn next(&mut self) -> Option<(u8, &'d [u8], &'d [u8])> {
        let [tag, length, rest @ ..] = self.rest else { return None };
        let (length, rest) = match *length {
            short @ ..=0x7f => (usize::from(short), rest),
            // Three bytes of length are sixteen megabytes.
            long @ 0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let all = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Some((*tag, content, all))
    }

    /// Returns the content of the next element, which must have this tag.
    fn content(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.next().and_then(|(found, content, _)| (found == tag).then_some(content))
    }

    /// Returns the next element as a whole, which must have this tag.
    fn element(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.next().and_then(|(found, _, all)| (found == tag).then_some(all))
    }

    /// Returns the content of the next element if it has this tag, and else leaves it there.
    fn optional(&mut self, tag: u8) -> Option<&'d [u8]> {
        if self.rest.first() == Some(&tag) { self.content(tag) } else { None }
    }

    /// Reads a time, which RFC 5280 writes to the second and in UTC, as seconds since 1970.
    fn time(&mut self) -> Option<i64> {
        let (tag, content, _) = self.next()?;
        let digits = content.strip_suffix(b"Z")?;
        let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<i64>().ok();
        let (year, rest) = match tag {
            UTC_TIME => {
                let (year, rest) = digits.split_at_checked(2)?;
                let year = number(year)?;
                (if year < 50 { year + 2000 } else { year + 1900 }, rest)
            }
            GENERALIZED_TIME => {
                let (year, rest) = digits.split_at_checked(4)?;
                (number(year)?, rest)
            }
            _ => return None,
        };
        let parts: Vec<i64> = rest.chunks(2).map(number).collect::<Option<_>>()?;
        let [month, day, hour, minute, second] = parts[..] else { return None };
        Some(days(year, month, day)? * 86400 + hour * 3600 + minute * 60 + second)
    }
}

/// Returns the days from 1970-01-01, in the calendar of today.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    // A year that begins in March has its leap day at its end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    (0..12).contains(&month).then(|| year * 365 + year / 4 - year / 100 + year / 400 + in_year - 719_468)
}
