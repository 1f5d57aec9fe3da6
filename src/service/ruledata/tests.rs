use super::*;

#[test]
fn the_built_in_rules_are_whole() {
    let rulebook = rulebook(None).expect("the built-in rules have no flaw");
    assert_eq!(rulebook.rows().count(), 132, "ordered pairs");
    assert_eq!(rulebook.states().len(), 43, "states");
    assert_eq!(rulebook.offences().len(), 20, "offences");
    assert_eq!(rulebook.lists().len(), 9, "offence lists");
    assert_eq!(rulebook.sources().len(), 64, "sources");
}
