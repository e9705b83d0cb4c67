//! Every number that a lesson says, in digits or in words, is held to what is computed from the state of its step: the page
//! after the keys that lead there, its studies, its training runs made again.
//!
//! A check quotes a phrase of a step word for word and says what its numbers are, to the digits that are shown. A number that no
//! check holds is a fault (`no_number_is_said_that_no_check_holds`), and so is a check of what is no longer said: whoever writes
//! a number into `src/lessons/CHAPTER.txt` adds a line to `CHECKS` in the file of that name here. `are` is for numbers, `about`
//! for those whose zeros at the end are no digits, `that` for a bound or a claim without a number, `right` for the answer of a
//! vote, `nothing` for words such as `one` that count nothing.
mod alignment;
mod check;
mod cliff;
mod gradients;
mod laboratory;
mod numerals;
mod powers;
mod step;
mod workbench;

use check::{Check, are, faults, gaps, nothing, right, that};
use step::Lecture;
use vanishing_app::{chapters, lessons};

/// Gives these lessons, each in a test of its own.
macro_rules! give {
    ($($lesson:ident),+) => {
        /// The checks of each lesson.
        const LESSONS: &[(&str, &[Check])] = &[$((stringify!($lesson), $lesson::CHECKS)),+];

        $(
            #[test]
            fn $lesson() {
                hold(stringify!($lesson));
            }
        )+
    };
}

give!(workbench, powers, alignment, gradients, laboratory, cliff);

fn checks_of(lesson: &str) -> &'static [Check] {
    LESSONS.iter().find(|(own, _)| *own == lesson).map_or(&[], |(_, checks)| checks)
}

#[test]
fn no_number_is_said_that_no_check_holds() {
    assert!(
        LESSONS.iter().map(|(name, _)| *name).eq(chapters::ALL.iter().map(|own| own.slug)),
        "each chapter has a lesson"
    );
    let gaps: Vec<String> = chapters::ALL
        .iter()
        .flat_map(|own| gaps(own.slug, &lessons::of_chapter(own.slug).expect("a lesson").beats, checks_of(own.slug)))
        .collect();
    assert!(gaps.is_empty(), "\n{}\n", gaps.join("\n"));
}

/// Gives a lesson from its first step to its last, and holds what is said in each.
fn hold(name: &'static str) {
    let (lecture, checks) = (Lecture::of(name), checks_of(name));
    assert!(!checks.is_empty(), "{name}");
    let steps = 1..=lessons::of_chapter(name).expect("a lesson").beats.len();
    let faults: Vec<String> = steps.flat_map(|number| faults(name, &lecture.step(number), checks)).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// A lecturer talks for ten minutes: a step with a question takes a minute and a half, another not half of that.
#[test]
fn a_lesson_takes_about_as_long_as_it_says() {
    for own in &chapters::ALL {
        let lesson = lessons::of_chapter(own.slug).expect("a lesson");
        let minutes: f64 = lesson.beats.iter().map(|beat| if beat.ask.is_empty() { 0.7 } else { 1.5 }).sum();
        let planned = f64::from(lesson.minutes);
        assert!((minutes - planned).abs() < 0.3 * planned, "{}: {minutes} minutes", own.slug);
    }
}

#[test]
fn a_gap_is_told_with_its_lesson_its_step_and_its_number() {
    let text = "figure spectrum\nsay It falls to 12 of 300.\nnote Only one of two.\nfigure spectrum\nask Which?\nvote 7 | *8\nsay Eight.";
    let beats = lessons::read(text).0.beats;
    let all = gaps("tea", &beats, &[]);
    let named = ["12", "300", "one", "two", "7", "8", "Eight"];
    assert!(named.iter().all(|said| all.iter().any(|gap| gap.contains(&format!("“{said}”")))), "{all:?}");
    assert!(
        all[0].starts_with("tea, step 1: no check holds “12” in its sentence “It falls to 12 of 300.”"),
        "{}",
        all[0]
    );
    assert!(all.iter().any(|gap| gap == "tea, step 2: 0 checks say which answer of its vote is right"), "{all:?}");
    let held = [
        are(1, "falls to 12", |_| vec![12.0]),
        that(1, "of 300", |_| vec![], |_, _| true),
        nothing(1, "one of two"),
        right(2, |_, _| 1),
        are(2, "Eight", |_| vec![8.0]),
    ];
    assert_eq!(gaps("tea", &beats, &held), [""; 0]);
    // Digits are never nothing; what is not said is not held.
    let gaps = gaps(
        "tea",
        &beats,
        &[nothing(1, "falls to 12"), are(1, "falls to 13", |_| vec![13.0]), are(3, "12", |_| vec![])],
    );
    assert!(gaps[0].contains("no check holds “12”"), "{gaps:?}");
    assert!(gaps.iter().any(|gap| gap.contains("a check holds “falls to 13”, which it does not say")), "{gaps:?}");
    assert!(gaps.iter().any(|gap| gap.contains("tea has no step 3")), "{gaps:?}");
}

#[test]
fn what_is_not_so_is_told() {
    let lecture = Lecture::of("powers");
    let step = lecture.step(3);
    let told = |check: Check| faults("powers", &step, &[check]);
    assert_eq!(told(are(3, "1.1 to the power 50 is 117", |_| vec![1.1, 50.0, 117.4])), [""; 0]);
    let wrong = told(are(3, "1.1 to the power 50 is 117", |_| vec![1.1, 50.0, 118.0]));
    assert!(wrong[0].starts_with("powers, step 3: “1.1 to the power 50 is 117” says [1.1, 50.0, 117.0]"), "{wrong:?}");
    assert_eq!(told(are(3, "1.1 to the power 50 is 117", |_| vec![1.1, 50.0])).len(), 1, "a number is left out");
    assert_eq!(told(are(3, "is 11", |_| vec![11.0])).len(), 1, "a number is cut in two");
    assert_eq!(told(that(3, "is 117", |_| vec![116.0], |said, found| said[0] < found[0])).len(), 1);
    assert_eq!(told(that(3, "is 117", |_| vec![116.0], |_, _| true)).len(), 1, "the number decides nothing");
    assert_eq!(told(right(3, |_, _| 0)).len(), 1);
    assert_eq!(told(nothing(3, "is 117")).len(), 1, "digits are never nothing");
}
