//! Properties of the renderer that hold for every scene, however broken its numbers.
#![cfg(feature = "svg")]
use proptest::prelude::*;
use vanishing_charts::layout::Role;
use vanishing_charts::render::{Focus, render, svg};
use vanishing_charts::scene::{Axis, Dash, Handle, Mark, Marker, Moves, Panel, Scale, Scene, Series, Shades, Tone};
use vanishing_charts::table::Table;
use vanishing_charts::tween;
use vanishing_charts::{Layout, Style, Theme};

/// Numbers as studies make them: ordinary, extreme, infinite, undefined.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -12.0..4.0_f64,
        2 => (0..20_i32).prop_map(f64::from),
        1 => -1e308..1e308_f64,
        1 => prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324, 1.0, f64::MAX, f64::MIN, -5_000.0,
        ]),
    ]
}

fn pair() -> impl Strategy<Value = (f64, f64)> {
    (number(), number())
}

fn tone() -> impl Strategy<Value = Tone> {
    prop_oneof![
        Just(Tone::Vanishing),
        Just(Tone::Exploding),
        Just(Tone::Preserved),
        Just(Tone::Ink),
        Just(Tone::Muted),
        (0..40_usize).prop_map(Tone::Series),
    ]
}

fn shades() -> impl Strategy<Value = Shades> {
    const KINDS: &[(Tone, &str)] = &[(Tone::Preserved, "one"), (Tone::Ink, "two")];
    prop_oneof![Just(Shades::Signed), tone().prop_map(Shades::Size), Just(Shades::Kinds(KINDS))]
}

fn dash() -> impl Strategy<Value = Dash> {
    prop::sample::select(vec![Dash::Solid, Dash::Dashed, Dash::Dotted])
}

fn marker() -> impl Strategy<Value = Marker> {
    use Marker::{Cross, Dot, Minus, Plus, Ring, Square, Triangle};
    prop::sample::select(vec![Dot, Ring, Square, Triangle, Minus, Plus, Cross])
}

fn words() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "λ = 1.05", "W<&>\"", "a rather long name with several words", "‖∂L/∂hₜ‖", "ok"])
        .prop_map(String::from)
}

fn mark() -> impl Strategy<Value = Mark> {
    let series = (words(), tone(), dash(), marker(), number(), number(), prop::collection::vec(pair(), 0..30), 0..3_u8)
        .prop_map(|(name, tone, dash, marker, width, opacity, points, kind)| {
            let mut series = Series::line(name, tone, points);
            series.line = (kind != 0).then_some((dash, width));
            series.marker = (kind != 1).then_some((marker, width));
            series.opacity = opacity;
            Mark::Series(series)
        });
    let triples = prop::collection::vec((number(), number(), number()), 0..20);
    let triples_too = prop::collection::vec((number(), number(), number()), 0..20);
    let fours = prop::collection::vec((number(), number(), number(), number()), 0..20);
    prop_oneof![
        4 => series,
        1 => (words(), tone(), number(), triples).prop_map(|(name, tone, opacity, points)| Mark::Band { name, tone, opacity, points }),
        1 => (words(), tone(), triples_too).prop_map(|(name, tone, bars)| Mark::Bars { name, tone, bars }),
        1 => (words(), tone(), fours).prop_map(|(name, tone, points)| Mark::Intervals { name, tone, points }),
        1 => (number(), words(), tone(), dash()).prop_map(|(y, label, tone, dash)| Mark::Horizontal { y, label, tone, dash }),
        1 => (number(), words(), tone(), dash()).prop_map(|(x, label, tone, dash)| Mark::Vertical { x, label, tone, dash }),
        1 => (pair(), pair(), words(), tone()).prop_map(|(x, y, label, tone)| Mark::Zone { x, y, label, tone }),
        1 => (words(), 0..9_usize, 0..9_usize, prop::collection::vec(number(), 0..90), shades(), number(), prop::collection::vec((words(), words()).prop_map(<[String; 2]>::from), 0..90))
            .prop_map(|(name, rows, columns, values, shades, limit, words)| Mark::Heatmap { name, rows, columns, values, shades, limit, words }),
        1 => (pair(), pair(), tone(), words(), number())
            .prop_map(|(from, to, tone, label, width)| Mark::Arrow { from, to, tone, label, width }),
        1 => (prop::collection::vec(pair(), 0..12), tone(), number(), dash())
            .prop_map(|(points, tone, opacity, dash)| Mark::Outline { points, tone, opacity, dash }),
        1 => (pair(), words(), tone(), -2..3_i8).prop_map(|(at, text, tone, anchor)| Mark::Text { at, text, tone, anchor }),
    ]
}

fn axis() -> impl Strategy<Value = Axis> {
    let ticks = prop::option::weighted(0.2, prop::collection::vec((number(), words()), 0..12));
    (words(), any::<bool>(), prop::option::of(pair()), prop::bool::weighted(0.8), ticks, prop::bool::weighted(0.2))
        .prop_map(|(title, log, range, visible, ticks, names)| Axis {
            title,
            scale: if log { Scale::Log10 } else { Scale::Linear },
            range,
            visible,
            ticks,
            names,
        })
}

fn panel() -> impl Strategy<Value = Panel> {
    let handles = prop::collection::vec((pair(), words(), tone()), 0..5).prop_map(|list| {
        list.into_iter()
            .map(|(at, label, tone)| Handle { at, moves: Moves::X("key".into()), label, tone })
            .collect::<Vec<_>>()
    });
    (
        words(),
        axis(),
        axis(),
        prop::bool::weighted(0.2),
        prop::collection::vec(mark(), 0..7),
        handles,
        prop::option::of(number()),
        number(),
        any::<bool>(),
    )
        .prop_map(|(title, x, y, equal_units, marks, handles, cursor, share, scrubs)| Panel {
            scrubs: scrubs.then(|| "time".to_owned()),
            title,
            equal_units,
            marks,
            handles,
            cursor,
            share,
            ..Panel::new(x, y)
        })
}

fn scene() -> impl Strategy<Value = Scene> {
    (prop::collection::vec(panel(), 0..4), words(), words()).prop_map(|(panels, summary, remark)| Scene {
        panels,
        summary,
        remark,
    })
}

fn size() -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![4 => (320..1_500_u32, 200..900_u32), 1 => (0..60_u32, 0..60_u32)]
}

fn style() -> impl Strategy<Value = Style> {
    (prop::sample::select(Theme::ALL.to_vec()), prop::sample::select(vec![1.0, 2.0, 1.5, 0.0, f64::NAN]))
        .prop_map(|(theme, scale)| Style::new(theme, scale))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_scene_is_drawn_whatever_its_numbers(
        scene in scene(), size in size(), style in style(), at in (0.0..1.0_f64, 0.0..1.0_f64),
    ) {
        let layout = Layout::new(&scene, size, &style);
        let (px, py) = (at.0 * f64::from(size.0), at.1 * f64::from(size.1));
        let handle = layout.handle_at(&scene, px, py, 50.0);
        let focus = Focus {
            pick: layout.pick(&scene, px, py),
            along: layout.picks_along(&scene, "time", at.0 * 20.0),
            grabbed: handle,
            keyboard: handle,
        };
        let (document, drawn) = svg(&scene, size, &style, &focus).unwrap();
        prop_assert!(document.ends_with("</svg>\n") && !document.contains("NaN") && !document.contains("inf\""));
        prop_assert_eq!(&drawn, &layout);
        prop_assert_eq!(document, svg(&scene, size, &style, &focus).unwrap().0);
        if let Some(pick) = &focus.pick {
            prop_assert!(pick.nearest < pick.rows.len() && pick.rows.len() == pick.points.len());
        }
        let table = Table::new(&scene);
        prop_assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        prop_assert_eq!(table.to_csv().is_empty(), false);
    }

    #[test]
    fn from_any_scene_there_is_a_way_to_any_other(
        before in scene(), to in scene(), size in size(), style in style(), at in -0.5..1.5_f64,
    ) {
        let mut from = before;
        for (old, new) in from.panels.iter_mut().zip(&to.panels) {
            (old.x.title, old.x.scale) = (new.x.title.clone(), new.x.scale);
            (old.y.title, old.y.scale) = (new.y.title.clone(), new.y.scale);
        }
        let ghosted = tween::with_ghosts(to.clone(), &from);
        let (document, _) = svg(&tween::between(&from, &ghosted, at), size, &style, &Focus::default()).unwrap();
        prop_assert!(document.ends_with("</svg>\n") && !document.contains("NaN") && !document.contains("inf\""));
        // Undefined numbers are not equal, but written alike.
        prop_assert_eq!(format!("{:?}", tween::between(&from, &to, 1.0)), format!("{to:?}"));
        prop_assert_eq!(format!("{:?}", Layout::new(&ghosted, size, &style)), format!("{:?}", Layout::new(&to, size, &style)));
        prop_assert_eq!(Table::new(&ghosted).to_csv(), Table::new(&to).to_csv());
    }

    #[test]
    fn no_text_covers_another_or_leaves_the_figure(scene in scene(), size in size(), style in style()) {
        let layout = Layout::new(&scene, size, &style);
        let texts: Vec<_> = layout.texts().collect();
        for (index, one) in texts.iter().enumerate() {
            prop_assert!(one.area.left >= -1e-6 && one.area.right <= f64::from(size.0) + 1e-6, "{:?}", one);
            prop_assert!(one.area.top >= -1e-6 && one.area.bottom <= f64::from(size.1) + 1e-6, "{:?}", one);
            for other in texts.iter().skip(index + 1) {
                prop_assert!(!one.area.grown(-1e-6).overlaps(&other.area), "{:?} {:?}", one, other);
            }
        }
    }

    #[test]
    fn a_pixel_means_the_number_that_is_drawn_there(
        scene in scene(), size in (320..1_500_u32, 200..900_u32), style in style(), at in (0.0..1.0_f64, 0.0..1.0_f64),
    ) {
        let layout = Layout::new(&scene, size, &style);
        for (index, panel) in layout.panels.iter().enumerate() {
            let (left, right) = panel.x.finite();
            let (top, bottom) = panel.y.finite();
            let (px, py) = (left + at.0 * (right - left), top + at.1 * (bottom - top));
            let Some((x, y)) = layout.data_at(index, px, py) else { continue };
            let far = 1e-3;
            prop_assert!((panel.x.to_pixel(x).unwrap() - px).abs() < far, "{:?} {} {}", panel.x, px, x);
            prop_assert!((panel.y.to_pixel(y).unwrap() - py).abs() < far, "{:?} {} {}", panel.y, py, y);
            // Far outside, a dragged handle stays within the axis.
            let (x, y) = layout.data_at(index, -1e9, 1e9).unwrap();
            prop_assert!(x >= panel.x.low && x <= panel.x.high && y >= panel.y.low && y <= panel.y.high);
        }
    }
}

#[test]
fn a_scene_without_panels_is_an_empty_sheet() {
    let scene = Scene { panels: Vec::new(), summary: "nothing".into(), remark: String::new() };
    let (document, _) = svg(&scene, (100, 50), &Style::new(Theme::Dark, 2.0), &Focus::default()).unwrap();
    assert!(document.contains("width=\"50\"") && document.contains("<title>nothing</title>"));
}

#[test]
fn any_backend_will_do() {
    let mut document = String::new();
    let scene = Scene {
        panels: vec![Panel::new(Axis::linear("x", 0.0, 1.0), Axis::log("y"))],
        summary: String::new(),
        remark: String::new(),
    };
    let backend = plotters::prelude::SVGBackend::with_string(&mut document, (300, 200));
    assert!(render(&scene, backend, (300, 200), &Style::default(), &Focus::default()).is_ok());
    assert!(document.contains("<text"));
}

#[test]
fn the_words_of_a_cell_stay_in_it_or_are_left_out() {
    let (rows, columns) = (12, 3);
    let mut panel = Panel::new(Axis::linear("measure", 0.0, 3.0), Axis::linear("remedy", 0.0, 12.0));
    let (values, name) = (vec![0.0; rows * columns], "difference".to_owned());
    let row = |cell: usize| rows - 1 - cell / columns;
    let words = (0..rows * columns).map(|cell| [format!("row {} of twelve", row(cell)), format!("{}", row(cell))]);
    let (words, shades) = (words.collect(), Shades::Signed);
    panel.marks.push(Mark::Heatmap { name, rows, columns, values, limit: 1.0, shades, words });
    let scene = Scene { panels: vec![panel], summary: "words".into(), remark: String::new() };
    let words = |width: u32, height: u32| -> Vec<String> {
        let layout = Layout::new(&scene, (width, height), &Style::new(Theme::Light, 1.0));
        let inside = layout.texts().filter(|text| text.role == Role::Inside);
        let cell = layout.panels[0].plot.width() / columns as f64;
        let of = |text: &vanishing_charts::layout::PlacedText| {
            let (_, place) = layout.data_at(0, text.at.0, text.at.1).unwrap();
            let row = text.text.trim_start_matches("row ").split(' ').next().unwrap();
            assert_eq!(place.floor().to_string(), row, "at {width} x {height} pixels");
            assert!(text.area.width() <= cell, "at {width} x {height} pixels");
            text.text.clone()
        };
        inside.map(of).collect()
    };
    for (width, height, count, longest) in [
        (460, 120, 0, 0),
        (460, 200, 0, 0),
        (460, 280, 36, 16),
        (460, 600, 36, 16),
        (240, 600, 36, 2),
        (90, 600, 30, 1),
    ] {
        let found = words(width, height);
        let letters = found.iter().map(|text| text.len()).max().unwrap_or(0);
        assert_eq!((found.len(), letters), (count, longest), "at {width} x {height} pixels");
    }
}

#[test]
fn every_row_is_named_on_a_phone_and_a_figure_of_rows_is_as_high_as_they_need() {
    let titles = vanishing_core::remedies::ALL.iter().map(|spec| spec.title.to_owned());
    let names: Vec<String> = std::iter::once("no remedy".to_owned()).chain(titles).collect();
    let mut first = Panel::new(Axis::log("loss at the end"), Axis::of_names("remedy", names.clone(), true));
    first.marks.push(Mark::Series(Series::markers("loss", Tone::Ink, Marker::Dot, vec![(-3.0, 0.5), (1.0, 26.5)])));
    let mut second = Panel::new(Axis::linear("share", 0.0, 1.0), first.y.clone().hidden());
    (first.share, second.share) = (0.7, 0.3);
    let scene = Scene { panels: vec![first, second], summary: "rows".into(), remark: String::new() };
    assert_eq!(scene.rows(), names.len());
    let spec = vanishing_charts::figures::find("evidence-runs").unwrap();
    for width in [320.0, 358.0, 560.0, 759.0, 760.0, 1400.0] {
        let height = spec.height(width, &scene);
        let style = Style::new(Theme::Light, 1.0_f64.max(width / 1000.0));
        let layout = Layout::new(&scene, (width as u32, height as u32), &style);
        let ticks = &layout.panels[0].y_ticks;
        let written = ticks.iter().map(|tick| tick.text.replace('\n', " ")).rev().collect::<Vec<_>>();
        assert_eq!(written, names, "at {width} pixels");
        let lines: usize = ticks.iter().map(|tick| tick.text.split('\n').count()).sum();
        assert_eq!(
            layout.panels[0]
                .texts
                .iter()
                .filter(|text| text.role == Role::Tick && text.at.0 < layout.panels[0].plot.left)
                .count(),
            lines
        );
        assert!(layout.panels[1].plot.left > layout.panels[0].plot.right && layout.panels[1].plot.width() > 50.0);
        assert_eq!(layout.panels[0].plot.height(), layout.panels[1].plot.height());
    }
}
