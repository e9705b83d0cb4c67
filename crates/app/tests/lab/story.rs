//! What the story before the chapters claims, and the theorem on gradients, held against what their links show.
use crate::claims::claim;
use crate::lesson::Shown;

fn slope(shown: &Shown) -> f64 {
    *shown.model.iterated().slope_log10.last().unwrap()
}

claim!(fifty_times_two_and_a_half_is_flat, ["iterated-settles"], || {
    let shown = Shown::new("iterated-settles", 1);
    assert!((-15.5..-14.0).contains(&slope(&shown)), "{}", slope(&shown));
    let ends = shown.model.iterated().curve.iter().filter(|(x, _)| *x > 0.0 && *x < 1.0);
    assert!(ends.clone().all(|(_, end)| (end - 0.6).abs() < 1e-9), "a start ends elsewhere");
});

claim!(ten_times_three_point_nine_is_steep, ["iterated-chaos"], || {
    let shown = Shown::new("iterated-chaos", 1);
    let curve = &shown.model.iterated().curve;
    let steep =
        curve.windows(2).filter(|pair| ((pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)).abs() > 10.0).count();
    assert!(steep * 2 > curve.len(), "only {steep} of {} pieces are steep", curve.len());
});

claim!(fifty_times_three_point_two_are_stairs, ["iterated-stairs"], || {
    let shown = Shown::new("iterated-stairs", 1);
    let curve = &shown.model.iterated().curve;
    let on = |level: f64| curve.iter().filter(|(_, end)| (end - level).abs() < 0.01).count();
    let (low, high) = (on(0.5130), on(0.7995));
    assert!(low > 50 && high > 50 && (low + high) * 10 > curve.len() * 9, "{low} and {high} of {}", curve.len());
});

claim!(thirty_steps_turn_the_gradient_to_v1, ["theorem"], || {
    let shown = Shown::new("theorem", 1);
    let gradients = &shown.model.gradients().in_force().backward_pass.top().hidden_gradients;
    let leading = shown.model.recurrence().leading.as_ref().unwrap();
    let cosine = |t: usize| leading.cosine(&gradients[t].values).abs();
    let last = gradients.len() - 1;
    assert!(cosine(last) < 0.9 && cosine(last - 30) > 0.99, "{} {}", cosine(last), cosine(last - 30));
});
