//! Buttons and links.
use crate::elements::{elements, values};
use std::collections::BTreeSet;
use vanishing_app::chapters::{self};
use vanishing_app::page_figures::{self};
use vanishing_app::{Effects, Lab, Msg, Phase, action, exercises, transport};
use vanishing_tests::markup;

/// A page with a network from a file whose eigenvalues are still to be computed.
fn with_a_large_network() -> Lab {
    let n = 129;
    let (hh, ih) = (4 * n * n, 4 * n);
    let header = format!(
        r#"{{"weight_hh_l0":{{"dtype":"F32","shape":[{n},{n}],"data_offsets":[0,{hh}]}},"weight_ih_l0":{{"dtype":"F32","shape":[{n},1],"data_offsets":[{hh},{}]}}}}"#,
        hh + ih
    );
    let content = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; hh + ih]].concat();
    let mut lab = Lab::new("").0;
    let mut effects = lab.update(Msg::FilesOffered { files: vec![("large".to_owned(), content.len() as u64)] });
    while let Some(asked) = effects.read.take() {
        let part = |range: &std::ops::Range<u64>| content[range.start as usize..range.end as usize].to_vec();
        effects = lab.update(Msg::FileParts { parts: asked.ranges.iter().map(part).collect() });
    }
    assert!(lab.opened_network().is_some(), "{:?}", effects.notices);
    lab
}

/// What the buttons of the page do, those of the shell's rows included.
fn actions() -> Vec<String> {
    let mut actions = values("data-action");
    for name in values("data-transport") {
        let row = transport::find(&name).unwrap_or_else(|| panic!("data-transport: nothing plays as {name}"));
        actions.extend(row.buttons.into_iter().map(|button| button.action));
    }
    actions
}

#[test]
fn every_row_of_buttons_has_icons_of_the_page() {
    let ids: Vec<String> = values("id");
    for name in values("data-transport") {
        for button in transport::find(&name).into_iter().flat_map(|row| row.buttons) {
            assert!(ids.contains(&format!("icon-{}", button.icon)), "{name}: {}", button.action);
        }
    }
    assert!(ids.contains(&"icon-pause".to_owned()));
}

#[test]
fn every_button_of_the_page_does_something() {
    let does = |name: &str| {
        let act = |lab: &mut Lab| lab.update(Msg::Action { name: name.to_owned() }) != Effects::default();
        let after = |first: &str| {
            let mut lab = Lab::new("").0;
            lab.update(Msg::Action { name: first.to_owned() });
            act(&mut lab)
        };
        let mut trained = Lab::new("hidden-size=3&sequence-length=5").0;
        trained.train(1);
        act(&mut Lab::new("").0)
            || act(&mut trained)
            || act(&mut Lab::new("present=powers&beat=3").0)
            || ["play", "train-start", "experiment-start", "read-start"].into_iter().any(after)
            || {
                let mut read = Lab::new("read-units=3&read-length=6&read-updates=2").0;
                read.learn_text();
                act(&mut read)
            }
            || {
                // A map that is shipped is known already.
                trained.update(Msg::Action { name: "map-start".to_owned() });
                act(&mut trained)
            }
            || ["", "own-aside"].into_iter().any(|first| {
                let mut lab = with_a_large_network();
                lab.update(Msg::Action { name: first.to_owned() });
                act(&mut lab)
            })
            || {
                // A report that is there is not made again; while a hand moves, it is gone.
                let mut lab = with_a_large_network();
                lab.update(Msg::Slide { key: "sequence-length".to_owned(), position: 0.2, phase: Phase::Moving });
                act(&mut lab)
            }
    };
    let of_figures = page_figures::ALL.iter().flat_map(|own| own.buttons).map(|button| button.action.to_owned());
    let of_chapters = chapters::ALL.iter().map(|own| own.plays.to_owned()).filter(|action| !action.is_empty());
    for name in actions().into_iter().chain(of_figures).chain(of_chapters).collect::<BTreeSet<_>>() {
        assert!(does(&name), "the application does not know the action {name}");
    }
    assert!(!does("make-tea"), "an action that nobody knows does something, so nothing was tested");
}

/// What following a link of the page makes of the defaults.
fn followed(query: &str) -> (Lab, Effects) {
    let mut lab = Lab::new("").0;
    let effects = lab.update(Msg::Follow { query: query.to_owned() });
    (lab, effects)
}

/// The links that set parameters: the address of each, and its query.
fn links() -> Vec<(String, String)> {
    let all = elements().into_iter().filter(|element| element.get("data-preset").is_some());
    let links: Vec<(String, String)> = all
        .map(|link| {
            // Behind the hash stands where the change is seen.
            let address = link.get("href").and_then(|address| address.split('#').next()).unwrap_or_default();
            let query = address.strip_prefix('?');
            let query = query.unwrap_or_else(|| panic!("the address {address} is not one of this page"));
            (address.to_owned(), query.to_owned())
        })
        .collect();
    assert_eq!(links.len(), markup::page().matches(" data-preset").count(), "the HTML was not understood");
    assert!(links.len() > 50, "only {} links", links.len());
    links
}

#[test]
fn every_link_of_the_page_is_taken_without_a_notice() {
    for (_, query) in links() {
        let (_, effects) = followed(&query);
        assert_eq!(effects.notices.unwrap_or_default(), [], "{query}");
    }
}

#[test]
fn a_link_opened_in_another_tab_shows_what_following_it_shows() {
    for (address, query) in links() {
        let (opened, effects) = Lab::new(&address);
        assert_eq!(effects.notices, Some(Vec::new()), "{address}");
        assert_eq!(opened.query(), followed(&query).0.query(), "{query}");
    }
}

#[test]
fn every_button_of_the_page_is_explained_in_the_help() {
    for action in actions() {
        assert!(action::is_explained(&action), "{action}");
    }
}

#[test]
fn every_exercise_has_its_control_its_button_and_its_answer_on_the_page() {
    let (controls, actions, readouts) = (values("data-controls"), values("data-action"), values("data-readout"));
    let controls: BTreeSet<&str> = controls.iter().flat_map(|keys| keys.split(' ')).collect();
    for own in exercises::all() {
        assert!(controls.contains(own.guess.spec().key), "{}: no control", own.slug);
        assert!(actions.contains(&format!("compare:{}", own.slug)), "{}: no button", own.slug);
        assert!(readouts.iter().any(|name| name == own.readout), "{}: no answer", own.slug);
    }
}
