//! What the chapter on the cliff claims, held against what its links show.
use crate::claims::claim;
use crate::lesson::Shown;
use vanishing_app::{Lab, model};
use vanishing_charts::Model;
use vanishing_core::math;
use vanishing_core::studies::cliff::{self, Stop};

/// A number among the readouts.
fn number(shown: &Shown, readout: &str) -> f64 {
    let text = &shown.readouts[readout];
    text.parse().unwrap_or_else(|_| panic!("{readout}: {text}"))
}

/// The first step of a descent that is longer than the picture is wide.
fn thrown(stops: &[Stop]) -> Option<(usize, Stop)> {
    let far = stops.iter().position(|stop| stop.stride > 2.0)?;
    Some((far + 1, stops[far]))
}

claim!(a_plain_descent_is_thrown_off_the_cliff_for_good_and_a_clipped_one_walks_on, ["cliff-thrown"], || {
    let shown = Shown::new("cliff-thrown", 1);
    let study = shown.model.cliff();
    let (step, from) = thrown(&study.unclipped).unwrap();
    assert_eq!((step, from.norm.round()), (45, 3048.0));
    assert_eq!(study.unclipped[45].w.round(), 166.0);
    assert!(study.unclipped[45..].iter().all(|stop| stop.norm == 0.0), "it stays there");
    // Until then both are the same; the clipped one meets the same gradient.
    assert_eq!(study.clipped[..44], study.unclipped[..44]);
    assert_eq!(study.clipped[44].norm, from.norm);
    assert!(number(&shown, "cliff-error-clipped") < 0.02 && study.clipped[180..].iter().all(|stop| stop.error < 0.02));
    assert_eq!((number(&shown, "cliff-error-unclipped"), number(&shown, "cliff-stride-clipped")), (0.09, 0.1));
    // The numbers in the text.
    assert_eq!(study.clipped[..200].iter().filter(|stop| stop.norm > 1.0).count(), 10);
    let s = math::sigmoid(cliff::START);
    let factor = 5.2 * s * (1.0 - s);
    assert_eq!(format!("{factor:.2} {:.0}", math::powf(factor, 50.0) / 100.0), "1.22 226");
});

claim!(beside_the_cliff_the_gradient_is_small_and_on_it_large, ["cliff-thrown"], || {
    let place = cliff::steepest(5.2).unwrap();
    assert!(place.norm > 1e4, "{place:?}");
    for side in [-1e-3, 1e-3] {
        let norm = cliff::slope(5.2, place.b + side).norm();
        assert!(norm < 1.0, "{side}: {norm}");
    }
    let shown = Shown::new("cliff-thrown", 1);
    assert_eq!(number(&shown, "cliff-steepest"), place.norm.round());
    shown.says("cliff-steepest-bias", "−2.73680");
    // Where there is no cliff, none is named.
    let lab = Lab::new("cliff-w=3.9").0;
    let readouts = model::readouts(&Model::new(model::configs(lab.settings())));
    assert!(readouts.contains(&("cliff-steepest", "no cliff".to_owned())));
});

claim!(one_plain_step_from_the_face_is_thousands_of_times_longer_than_a_clipped_one, ["cliff-edge"], || {
    let shown = Shown::new("cliff-edge", 1);
    assert_eq!((number(&shown, "cliff-stride-unclipped"), number(&shown, "cliff-stride-clipped")), (67.6, 0.01));
});

claim!(a_threshold_that_is_too_high_comes_too_late, ["cliff-loose"], || {
    let shown = Shown::new("cliff-loose", 1);
    let (step, from) = thrown(&shown.model.cliff().clipped).unwrap();
    assert_eq!((step, from.stride), (45, 10.0));
    assert!(number(&shown, "cliff-error-clipped") > 0.08);
});

claim!(a_smaller_learning_rate_only_puts_the_cliff_off, ["cliff-slow"], || {
    let shown = Shown::new("cliff-slow", 1);
    let study = shown.model.cliff();
    let (step, from) = thrown(&study.unclipped).unwrap();
    assert_eq!((step, from.norm.round()), (85, 251.0));
    let (start, then) = (study.clipped[0], study.clipped[85]);
    assert!(math::hypot(then.w - start.w, then.b - start.b) < 0.2, "{then:?}");
});

claim!(where_no_cliff_is_ahead_clipping_changes_nothing, ["cliff-valley"], || {
    let shown = Shown::new("cliff-valley", 1);
    let study = shown.model.cliff();
    assert_eq!(study.clipped, study.unclipped);
    assert!(study.clipped.iter().all(|stop| stop.norm < 1.0));
    assert!(study.clipped[160].error < 1e-20, "{:?}", study.clipped[160]);
});
