//! The map and the timeline of a report.

use super::{chase, holds, report_of, shown};
use crate::chase::opened;
use limes::domain::ids::{NoticeId, OperationId};
use limes::domain::input::{HostSaid, OrderKind};
use limes::domain::measure::Span;
use limes::domain::operations::{AnswerKind, HostAnswer};
use limes::domain::report::Report;
use limes::wire::report::html::page;
use limes::wire::report::map::Ground;
use limes::wire::report::pdf::pdf;
use limes::wire::report::sheet::Languages;
use limes::wire::report::{ErasedPositionsWire, ReportWire, content};

/// A report drawn as a page, with its map.
fn drawn(report: &Report) -> String {
    let atlas = limes::service::borderdata::atlas(None).unwrap();
    let ground = Ground {
        ways: &report.ways,
        atlas: &atlas,
    };
    let shown = shown(report);
    let sheet = content::sheet(&shown, Some(&ground), Languages::of(&shown));
    assert_eq!(pdf(&sheet).unwrap(), pdf(&sheet).unwrap());
    page(&sheet, false)
}

/// Lines of this colour on a page.
fn lines(page: &str, colour: &str) -> usize {
    let stroke = format!("stroke=\"{colour}\"");
    let of_colour = page.split("<polyline").skip(1);
    of_colour
        .filter(|line| {
            line.split('>')
                .next()
                .is_some_and(|tag| tag.contains(&stroke))
        })
        .count()
}

#[test]
fn the_map_shows_the_frontier_the_ways_the_crossings_and_where_somebody_was_held() {
    let mut chase = chase();
    holds(&mut chase, Some("CAR"), None);
    // Two minutes in which nothing is heard, and then the way home.
    chase.pass(Span::from_minutes(2));
    chase.to(42.55, 2.87);
    let report = report_of(&chase);
    let way = &report.ways.of[0];
    assert_eq!((way.unit.as_str(), way.pieces.len()), ("CAR", 2));
    assert!(report.ways.held[0].place.is_some());
    let page = drawn(&report);
    assert_eq!(page, drawn(&report), "the same records, the same bytes");
    for said in [
        ">FR</text>",
        ">ES</text>",
        ">N</text>",
        "km</text>",
        ">1</text>",
        "Carte",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // Two pieces, and the sample of the legend.
    assert_eq!(lines(&page, "#1f5fbf"), 3);
    assert!(
        lines(&page, "#16181d") > 4,
        "the frontier, the legend, the scale"
    );
    assert!(
        page.matches("fill=\"#9a3412\"").count() > 2,
        "the place of the detention"
    );
    assert!(
        !page.contains("style="),
        "the page lets no style of an element in"
    );
}

#[test]
fn after_an_erasure_the_map_says_so_and_draws_no_way() {
    let mut report = report_of(&chase());
    report.ways.of[0].pieces.clear();
    let atlas = limes::service::borderdata::atlas(None).unwrap();
    let ground = Ground {
        ways: &report.ways,
        atlas: &atlas,
    };
    let mut shown = shown(&report);
    let of = |shown: &ReportWire| {
        let sheet = content::sheet(shown, Some(&ground), Languages::of(shown));
        page(&sheet, false)
    };
    assert!(
        of(&shown).contains("CAR not recorded"),
        "nobody says that it was erased"
    );
    shown.made.erased_positions = vec![ErasedPositionsWire {
        unit: "CAR".to_owned(),
        from_day: "2027-03-16".to_owned(),
        to_day: "2027-03-16".to_owned(),
        record: 99,
    }];
    let page = of(&shown);
    assert_eq!(lines(&page, "#1f5fbf"), 0);
    assert!(page.contains("CAR positions erased"), "{page}");
    assert!(
        page.contains(">1</text>"),
        "the crossing is told all the same"
    );
}

#[test]
fn where_nothing_is_known_of_places_no_map_is_drawn() {
    let mut report = report_of(&chase());
    report.ways.of.clear();
    report.crossings.clear();
    let page = drawn(&report);
    let map = page
        .split("<h2>")
        .find(|section| section.contains("Carte"))
        .unwrap();
    assert!(
        !map.contains("<svg") && map.contains("not recorded"),
        "{map}"
    );
}

#[test]
fn the_timeline_sets_side_by_side_what_the_tables_say() {
    let mut chase = chase();
    opened(&chase.voice("CHASE.1"));
    let answer = HostAnswer {
        name: "Cdt Petit".into(),
        at: chase.now,
        kind: AnswerKind::No,
        words: "Stop at Le Boulou.".into(),
    };
    let said = OrderKind::HostSaid {
        operation: OperationId::parse("CHASE").unwrap(),
        notice: NoticeId::parse("CHASE.1").unwrap(),
        said: HostSaid::Answered(answer),
    };
    opened(&chase.order(said));
    let text = drawn(&report_of(&chase));
    let timeline = text
        .split("<h2>")
        .find(|part| part.contains("Chronologie"))
        .unwrap();
    for said in [
        "room-ES",
        "CAR FR",
        "CHASE.1 → room-FR",
        "2027-03-16 10:",
        "given by telephone",
        "answered",
    ] {
        assert!(timeline.contains(said), "{said}: {timeline}");
    }
    // Of a unit that is abroad still, the end is open.
    assert!(timeline.contains("&gt;</text>"), "{timeline}");
    assert!(!timeline.contains("Cdt Petit"), "no names of persons");
    for said in ["Cdt Petit", "Stop at Le Boulou.", "answered: no"] {
        assert!(text.contains(said), "{said}: the table has it");
    }
}
