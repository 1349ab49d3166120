//! Ratios of two things that run in turns, so that what else the machine does meets both.

use std::time::Instant;

const ROUNDS: usize = 7;

/// Prints how long both take, and the median of the ratios of each round.
pub(crate) fn ratio(what: &str, mut ours: impl FnMut(), mut other: impl FnMut()) {
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let (first, second) = if round % 2 == 0 {
            let first = time(&mut ours);
            (first, time(&mut other))
        } else {
            let second = time(&mut other);
            (time(&mut ours), second)
        };
        rounds.push((first, second, first / second));
    }
    let median = |part: fn(&(f64, f64, f64)) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        values[ROUNDS / 2]
    };
    println!("{what:<58} {:>8.1}ms {:>8.1}ms {:>7.2}", median(|r| r.0), median(|r| r.1), median(|r| r.2));
}

fn time(run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1000.0
}
