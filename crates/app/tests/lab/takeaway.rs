//! What is taken away from a figure, and what is undone.
use crate::support::{act, enter, follow, navigate, open, slide};
use vanishing_app::{Focus, Lab, Msg, Phase, takeaway};
use vanishing_charts::figures;

#[test]
fn every_figure_gives_its_link_its_numbers_and_its_picture() {
    let mut lab = open("power=7");
    for figure in figures::ALL {
        let slug = figure.slug;
        let link = act(&mut lab, &format!("link:{slug}")).copy_query;
        assert_eq!(link, Some(format!("power=7#figure-{slug}")));
        let csv = act(&mut lab, &format!("csv:{slug}")).download.unwrap();
        assert_eq!((csv.name, csv.kind), (format!("vanishing-point-{slug}.csv"), "text/csv"));
        assert_eq!(csv.text, lab.table(slug).unwrap().to_csv());
        assert_eq!(act(&mut lab, &format!("png:{slug}")).picture, Some(slug));
    }
    assert_eq!(act(&mut lab, "csv:tea").download, None);
}

#[test]
fn a_table_follows_the_figure_until_it_is_closed() {
    let mut lab = open("");
    let sheet = act(&mut lab, "table:eigenvalue-powers").sheets.remove(0);
    let table = sheet.table.unwrap();
    assert_eq!((table.rows.len(), &table.rows[10][1][..], sheet.code), (51, "1.63", None));
    // Not while a hand moves something.
    assert_eq!(slide(&mut lab, "eigenvalue-1", 1.1, Phase::Moving).sheets, []);
    let sheet = slide(&mut lab, "eigenvalue-1", 1.1, Phase::Done).sheets.remove(0);
    assert_eq!(&sheet.table.unwrap().rows[10][1][..], "2.59");
    assert_eq!(act(&mut lab, "table:eigenvalue-powers").sheets[0].table, None);
    assert_eq!(enter(&mut lab, "eigenvalue-1", "1.2").sheets, []);
}

#[test]
fn a_long_table_is_cut_and_says_so() {
    let mut lab = open("hidden-size=4&horizon=1000&power=1000");
    let table = act(&mut lab, "table:matrix-powers").sheets.remove(0).table.unwrap();
    assert!(table.caption.contains("every number"), "{}", table.caption);
    let mut lab = open("hidden-size=30&family=geometric");
    let table = act(&mut lab, "table:matrix-powers").sheets.remove(0).table.unwrap();
    assert!(table.rows.len() == 200 && table.caption.contains("the first 200 of 1800 rows"), "{}", table.caption);
}

#[test]
fn code_is_offered_where_there_is_some() {
    let has = |slug: &str| takeaway::ways(slug).any(|(way, _)| way == "code");
    assert!(has("gradient-norms") && has("eigenvalue-powers") && !has("training-cost"));
    let mut lab = open("cell=gru");
    let code = act(&mut lab, "code:gradient-norms").sheets.remove(0).code.unwrap();
    assert!(code.contains("step = gru") && code.contains("weight_hh_l0"), "{code}");
    assert_eq!(act(&mut lab, "copy-code:gradient-norms").copy_text, Some(code.clone()));
    let file = act(&mut lab, "save-code:gradient-norms").download.unwrap();
    assert_eq!((file.name, file.text), ("vanishing-point-gradient-norms.py".to_owned(), code));
}

fn press(lab: &mut Lab, key: &str, shift: bool, focus: Focus) -> bool {
    lab.update(Msg::Shortcut { key: key.to_owned(), control: true, shift, focus }).handled
}

#[test]
fn a_gesture_is_undone_as_a_whole_and_done_again() {
    let mut lab = open("");
    for position in [1.1, 1.2, 1.3] {
        slide(&mut lab, "eigenvalue-1", position, Phase::Moving);
    }
    slide(&mut lab, "eigenvalue-1", 1.3, Phase::Done);
    enter(&mut lab, "power", "20");
    follow(&mut lab, "clip-norm=1&lanes=3");
    let all = lab.query();
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "eigenvalue-1=1.3&power=20");
    act(&mut lab, "undo");
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "");
    let effects = act(&mut lab, "undo");
    assert_eq!((effects.announce.as_deref(), effects.address), (Some("There is nothing to undo."), None));
    (0..3).for_each(|_| drop(act(&mut lab, "redo")));
    assert_eq!(lab.query(), all);
    // Something new takes the way forward away.
    act(&mut lab, "undo");
    enter(&mut lab, "power", "21");
    assert_eq!(act(&mut lab, "redo").announce.as_deref(), Some("There is nothing to do again."));
}

#[test]
fn what_the_browser_brings_back_can_be_undone_too_and_what_was_refused_was_no_change() {
    let mut lab = open("");
    enter(&mut lab, "power", "20");
    navigate(&mut lab, "");
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "power=20");
    enter(&mut lab, "power", "tea");
    act(&mut lab, "undo");
    assert_eq!(lab.query(), "");
}

#[test]
fn undo_has_its_keys_except_in_a_field() {
    let mut lab = open("");
    enter(&mut lab, "power", "20");
    assert!(!press(&mut lab, "z", false, Focus::Text));
    assert!(press(&mut lab, "z", false, Focus::Page));
    assert_eq!(lab.query(), "");
    assert!(press(&mut lab, "Z", true, Focus::Button));
    assert_eq!(lab.query(), "power=20");
    assert!(!press(&mut lab, "c", false, Focus::Page));
}
