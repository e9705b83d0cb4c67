//! Settings to address and back; addresses that nobody should have written.
use crate::support::{any_settings, open, value};
use proptest::prelude::*;
use vanishing_app::{Lab, Msg, Phase, parse_link, query_of};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn all_settings_read_back_from_their_address(settings in any_settings()) {
        let query = query_of(&settings);
        let (read, notices) = parse_link(&query);
        prop_assert_eq!(&notices, &[]);
        prop_assert_eq!(&read, &settings);
        prop_assert_eq!(query_of(&read), query);
    }

    #[test]
    fn an_address_of_any_bytes_is_opened_and_has_an_address_that_stays(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_opened(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn an_address_of_known_keys_with_any_values_is_opened(
        pairs in prop::collection::vec((prop::sample::select(keys()), any_text()), 0..12),
    ) {
        let pairs: Vec<String> = pairs.iter().map(|(key, text)| format!("{key}={text}")).collect();
        check_opened(&pairs.join("&"));
    }
}

fn keys() -> Vec<&'static str> {
    vec!["size", "eigenvalue-1", "lambda-2", "power", "k", "seed", "theme", "family", "epsilon", "clip-norm", "T"]
}

fn any_text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        "%",
        "%zz",
        "%F0%28",
        "NaN",
        "-inf",
        "1e999",
        "-0",
        "0x1",
        "+3",
        "１",
        "1e2",
        "__proto__",
        "a&b=c",
        "+",
        "dark",
    ];
    prop_oneof![
        ".{0,12}",
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        any::<f64>().prop_map(|x| x.to_string())
    ]
}

/// Whatever was opened: its own address opens to the same settings, without a notice about a value.
fn check_opened(query: &str) {
    let (settings, notices) = parse_link(query);
    for notice in &notices {
        assert!(notice.text.ends_with('.') && notice.text.chars().count() < 300, "{query}: {}", notice.text);
        assert!(!notice.text.chars().any(char::is_control), "{query}: {}", notice.text);
    }
    assert_eq!(parse_link(&query_of(&settings)), (settings, Vec::new()), "{query}");
}

#[test]
fn the_defaults_have_an_empty_address() {
    assert_eq!(open("").query(), "");
    assert_eq!(open("power=10&theme=auto&eigenvalue-1=1.05").query(), "");
}

#[test]
fn an_address_is_taken_with_and_without_its_question_mark_and_from_a_whole_link() {
    assert_eq!(open("?power=7").query(), "power=7");
    for link in ["power=7", "?power=7", "https://example.org/page/?power=7#alignment", "?k=7"] {
        assert_eq!(query_of(&parse_link(link).0), "power=7", "{link}");
    }
}

#[test]
fn what_other_sites_add_to_a_link_is_passed_over() {
    let (lab, effects) = Lab::new("utm_source=mail&power=7&fbclid=a%20b&gclid=1");
    assert_eq!((lab.query(), effects.notices), ("power=7".to_owned(), Some(Vec::new())));
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, query) in
        [("1,25", "eigenvalue-1=1.25"), ("\u{2212}1,25", "eigenvalue-1=-1.25"), (" \u{2212}.5 ", "eigenvalue-1=-0.5")]
    {
        let mut lab = open("");
        let effects =
            lab.update(Msg::Input { key: "eigenvalue-1".to_owned(), value: text.to_owned(), phase: Phase::Done });
        assert_eq!((&lab.query()[..], effects.notices), (query, Some(Vec::new())), "{text}");
    }
    for text in ["1,000.5", "1,0,0", ",", "--1"] {
        let mut lab = open("");
        let effects =
            lab.update(Msg::Input { key: "eigenvalue-1".to_owned(), value: text.to_owned(), phase: Phase::Done });
        assert_eq!((lab.query(), effects.notices.unwrap().len()), (String::new(), 1), "{text}");
    }
}

#[test]
fn the_keys_of_an_address_stand_in_the_order_of_the_page() {
    assert_eq!(open("theme=dark&power=7&size=3").query(), "power=7&hidden-size=3&theme=dark");
}

#[test]
fn a_value_that_cannot_be_taken_is_named_and_the_rest_is_taken() {
    let cases = [
        ("eigenvalue-1=abc", "eigenvalue-1: “abc” is not a number from -3 to 3"),
        ("eigenvalue-1=99", "eigenvalue-1: “99” is not a number from -3 to 3; 3 is used instead"),
        ("power=1e99", "power: “1e99” is not a whole number"),
        ("power=2.5", "power: “2.5” is not a whole number"),
        ("seed=-1", "seed: “-1” is not a whole number from 0 to 4294967295; 0 is used instead"),
        ("theme=pink", "theme: “pink” is not auto, light, dark or projector"),
        ("clip-norm=maybe", "clip-norm: “maybe” is not 1 or 0"),
        ("epsilon=0", "epsilon: “0” is not a number from"),
        ("colour=red", "“colour” is not a parameter here; it was ignored"),
        ("__proto__=1", "“__proto__” is not a parameter here"),
        ("constructor=1", "“constructor” is not a parameter here"),
        ("=1", "“” is not a parameter here"),
        ("seed=%zz", "seed: “%zz” is not a whole number"),
        ("seed=%", "seed: “%” is not a whole number"),
        ("seed=%F0%28", "seed: “\u{fffd}(” is not a whole number"),
        ("seed=1%00", "seed: “1?” is not a whole number"),
        ("<script>=1", "“<script>” is not a parameter here"),
    ];
    for (query, sentence) in cases {
        let (lab, effects) = Lab::new(&format!("{query}&size=6"));
        let notices = effects.notices.unwrap();
        assert_eq!(notices.len(), 1, "{query}: {notices:?}");
        assert!(notices[0].text.starts_with(sentence), "{query}: {}", notices[0].text);
        assert_eq!(value(&lab, "hidden-size"), "6", "{query}");
    }
}

#[test]
fn of_a_key_that_stands_twice_the_last_value_counts() {
    assert_eq!(open("seed=3&seed=4").query(), "seed=4");
    assert_eq!(open("k=3&power=4").query(), "power=4");
    let (lab, effects) = Lab::new("seed=3&seed=x");
    assert_eq!((lab.query().as_str(), effects.notices.unwrap().len()), ("seed=3", 1));
}

#[test]
fn a_value_of_a_million_letters_is_quoted_short() {
    let (lab, effects) = Lab::new(&format!("seed={}&size=3", "9".repeat(1_000_000)));
    assert_eq!(value(&lab, "hidden-size"), "3");
    assert!(effects.notices.unwrap()[0].text.len() < 300);
}

#[test]
fn ten_thousand_unknown_keys_are_a_few_sentences() {
    let query: Vec<String> = (0..10_000).map(|i| format!("{}{i}=1", "x".repeat(50))).collect();
    let notices = Lab::new(&query.join("&")).1.notices.unwrap();
    assert!(notices.len() <= 20, "{}", notices.len());
    assert!(notices.last().unwrap().text.contains("more"), "{}", notices.last().unwrap().text);
}

#[test]
fn an_empty_value_is_the_default_and_is_no_reason_for_a_notice() {
    let lab = open("?power=7&k=&shift=&family=&hidden-size=9&hidden-size=&gain=1.5");
    assert_eq!(lab.query(), "gain=1.5");
    for empty in ["eigenvalue-1=", "eigenvalue-1"] {
        assert_eq!(open(&format!("eigenvalue-1=0.3&{empty}&size=6")).query(), "hidden-size=6", "{empty}");
    }
    assert!(!parse_link("tea=").1.is_empty(), "what is no parameter is told of");
}
