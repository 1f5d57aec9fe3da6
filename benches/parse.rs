//! How fast posted fixes are read: nanoseconds a fix, by form of the body, in processor time of the thread.

#[path = "support/criterion_time.rs"]
mod criterion_time;
#[path = "support/thread_time.rs"]
mod thread_time;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use criterion_time::ThreadTime;
use limes::domain::ids::SourceId;
use limes::wire::fix::{Format, parse_fixes};
use std::fmt::Write;
use std::hint::black_box;

const FIXES: usize = 1_000;

/// A fix as a phone sends it, every key present.
fn full(second: usize) -> String {
    let (minute, second) = (second / 60 % 60, second % 60);
    format!(
        r#"{{"unit":"HU-1","fixed_at":"2027-03-16T11:{minute:02}:{second:02}.250Z","lat":46.20{second:04}1,"lon":20.41{second:04}7,"accuracy_m":4.5,"speed_mps":31.25,"course_deg":112.5,"altitude_m":121.75,"battery_pct":88,"source":"radio"}}"#
    )
}

/// The required keys alone, the time as milliseconds, and each fix of another unit.
fn short(second: usize) -> String {
    let at = 1_805_196_797_000_u64 + second as u64 * 1_000;
    format!(r#"{{"unit":"HU-{second}","fixed_at":{at},"lat":46.2,"lon":20.4}}"#)
}

fn lines(fix: fn(usize) -> String) -> String {
    (0..FIXES).fold(String::new(), |mut body, second| {
        let _ = writeln!(body, "{}", fix(second));
        body
    })
}

fn array(fix: fn(usize) -> String) -> String {
    let fixes: Vec<String> = (0..FIXES).map(fix).collect();
    format!("[{}]", fixes.join(","))
}

fn parse(criterion: &mut Criterion<ThreadTime>) {
    let source = SourceId::parse("token-7").unwrap_or_else(|_| unreachable!("`token-7` is an id"));
    let bodies = [
        ("array, all keys", array(full), Format::Json),
        ("NDJSON, all keys", lines(full), Format::Ndjson),
        ("array, 1,000 units", array(short), Format::Json),
    ];
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Elements(FIXES as u64));
    for (name, body, format) in &bodies {
        let read = || parse_fixes(black_box(body.as_bytes()), *format, &source, FIXES);
        assert_eq!(read().map(|fixes| fixes.len()), Ok(FIXES));
        group.bench_function(*name, |bencher| bencher.iter(read));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime);
    targets = parse
}
criterion_main!(benches);
