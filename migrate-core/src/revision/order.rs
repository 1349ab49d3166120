//! The one order of a graph in which everything runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Node;

/// Sorts nodes so that each comes after what it needs, and otherwise by date, then by id.
///
/// `needs[n]` are the indices that `n` waits for. A revision that is added later never changes the order of the others:
/// it can only be put between them. What is left over, because it is part of a cycle or above one, is returned apart.
pub(super) fn sort(nodes: &[Node], needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waits: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut needed_by = vec![Vec::new(); nodes.len()];
    for (n, list) in needs.iter().enumerate() {
        for need in list {
            needed_by[*need].push(n);
        }
    }
    let key = |n: usize| Reverse((instant(&nodes[n].create_date), &nodes[n].id, n));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|n| waits[*n] == 0).map(key).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, _, n))) = ready.pop() {
        order.push(n);
        for next in &needed_by[n] {
            waits[*next] -= 1;
            if waits[*next] == 0 {
                ready.push(key(*next));
            }
        }
    }
    if order.len() == nodes.len() {
        return Ok(order);
    }
    Err((0..nodes.len()).filter(|n| waits[*n] > 0).collect())
}

/// Reads `2026-11-22 10:00:00.5+02:00` as microseconds; what is no date comes before every date.
fn instant(date: &str) -> i64 {
    read_instant(date).unwrap_or(i64::MIN)
}

fn read_instant(date: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let rest = date.get(19..)?;
    let zone_at = rest.find(['+', '-', 'Z']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone_at);
    let micros = match fraction.strip_prefix('.') {
        Some(digits) => format!("{digits:0<6}").get(..6)?.parse().ok()?,
        None => 0,
    };
    let offset = match zone.as_bytes() {
        [sign @ (b'+' | b'-'), ..] => {
            let minutes = zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => 0,
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

/// Returns the days since 0000-03-01 of a date in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_compare_across_zones() {
        let check = |a: &str, b: &str| assert!(instant(a) < instant(b), "{a} < {b}");
        check("", "2000-01-01 00:00:00");
        check("2026-11-22 10:00:00+02:00", "2026-11-22 10:00:00+00:00");
        check("2026-11-22 10:00:00.25", "2026-11-22 10:00:00.5");
        check("2026-02-28 23:00:00-02:00", "2026-03-01 01:00:01+00:00");
        assert_eq!(instant("2026-11-22T10:00:00Z"), instant("2026-11-22 12:00:00+02:00"));
    }
}
