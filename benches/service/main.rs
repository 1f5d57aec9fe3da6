//! The service as it is installed, a process of its own, under load over loopback: durable fixes a second over HTTP and
//! WebSocket beside what the disk alone takes for the same bytes, the time from a posted fix to the map beside the
//! disk's own time, start-up and memory.
//!
//! `cargo bench --bench service -- [SECONDS]`: so many seconds of sending per measurement, 2 when not given.
//! `… -- [SECONDS] maps [ROUNDS]`: only from a fix to the maps, without the ingest before it.
//! The clients share the machine with the service: wall rates are lower bounds, so the service's processor time stands
//! beside each.

mod disk;
#[path = "../support/fleet.rs"]
mod fleet;
#[path = "../support/gauge.rs"]
mod gauge;
mod hops;
mod house;
mod ingest;
mod latency;
mod senders;

use house::House;
use limes::service::borderdata;
use senders::Depth;
use std::time::Duration;

/// How often each measurement is made, in turn with its peers.
const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let seconds = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(2);
    let span = Duration::from_secs(seconds);
    let atlas = borderdata::atlas(None)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        start_up().await?;
        let house = House::open().await?;
        println!("{} units registered; load {}", house::UNITS, gauge::load());
        if let Some(rounds) = only_maps() {
            for _ in 0..rounds {
                latency::to_the_map(&house, &atlas, span).await?;
                latency::to_many(&house, &atlas, span).await?;
            }
            return house.end();
        }
        let mut senders = senders::senders(&atlas);
        for _ in 0..ROUNDS {
            for depth in [Depth::One, Depth::Fifty] {
                ingest::http(&house, &mut senders, depth, span).await?;
                ingest::websocket(&house, &mut senders, depth, span).await?;
            }
        }
        memory(&house, "after the ingest");
        for _ in 0..ROUNDS {
            latency::to_the_map(&house, &atlas, span).await?;
        }
        for _ in 0..ROUNDS {
            latency::to_many(&house, &atlas, span).await?;
        }
        memory(&house, "at the end");
        house.end()
    })
}

/// How often, when only the way to the maps is to be measured.
fn only_maps() -> Option<usize> {
    let mut words = std::env::args().skip_while(|word| word != "maps");
    words.next()?;
    Some(
        words
            .next()
            .and_then(|word| word.parse().ok())
            .unwrap_or(ROUNDS),
    )
}

/// From the start of the process to the first answer that it is ready, on an empty folder.
async fn start_up() -> anyhow::Result<()> {
    let mut took = Vec::new();
    let mut resident_kib = 0;
    for _ in 0..ROUNDS {
        let (house, time) = House::empty().await?;
        took.push(time);
        resident_kib = gauge::status_kib(&house.process(), "VmHWM");
        house.end()?;
    }
    took.sort_unstable();
    println!(
        "start-up to ready, empty folder: {:.0} ms (from {:.0} to {:.0}), {:.0} MiB resident at most; load {}",
        disk::ms(took[ROUNDS / 2]),
        disk::ms(took[0]),
        disk::ms(took[ROUNDS - 1]),
        resident_kib as f64 / 1_024.0,
        gauge::load()
    );
    Ok(())
}

fn memory(house: &House, when: &str) {
    let mib = |field| gauge::status_kib(&house.process(), field) as f64 / 1_024.0;
    println!(
        "memory {when}: {:.0} MiB resident, {:.0} MiB at most",
        mib("VmRSS"),
        mib("VmHWM")
    );
}
