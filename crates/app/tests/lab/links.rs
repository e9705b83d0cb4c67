//! What a link of the chapters shows does not depend on what was set before it was followed.
use crate::lesson::presets;
use crate::support::any_settings;
use proptest::prelude::*;
use vanishing_app::{model, parse_link, query_of, schema};
use vanishing_core::param::Settings;
use vanishing_core::recurrent::Ingredient;
use vanishing_core::studies::network::{NetworkConfig, RecurrenceConfig};

/// The network that is run, without what it is not made of.
fn network_of(settings: &Settings) -> (NetworkConfig, usize, usize) {
    let mut network = model::configs(settings).network;
    let remedies = network.active_remedies().len();
    network.remedies = Settings::default();
    network.recurrence.seed = 0;
    let RecurrenceConfig { kind, recipe, .. } = &mut network.recurrence;
    let unused = |ingredient| !kind.uses.contains(&ingredient);
    if unused(Ingredient::Gain) {
        recipe.gain = 1.0;
    }
    if unused(Ingredient::Eigenvalues) {
        recipe.eigenvalues.clear();
    }
    if unused(Ingredient::Pairs) {
        recipe.pairs.clear();
    }
    if unused(Ingredient::Departure) {
        recipe.departure = 0.0;
    }
    (network, remedies, settings.get(&schema::TIME))
}

proptest! {
    #[test]
    fn a_link_leaves_nothing_over_from_what_was_set_before(before in any_settings()) {
        for (preset, query) in presets() {
            // Of a key that stands twice the last value counts: as if the link had been followed.
            let (after, notices) = parse_link(&format!("?{}&{query}", query_of(&before)));
            prop_assert_eq!(notices, []);
            let (fresh, _) = parse_link(&format!("?{query}"));
            if ["powers", "alignment"].contains(&preset) || preset.starts_with("rounding-") {
                let shown = |settings: &Settings| {
                    let configs = model::configs(settings);
                    (configs.matrix.eigenvalues, configs.powers.ks, configs.alignment.start)
                };
                prop_assert_eq!(shown(&after), shown(&fresh), "{}", preset);
            } else if preset.starts_with("cliff-") {
                let shown = |settings: &Settings| (model::configs(settings).cliff, settings.get(&schema::CLIFF_STEP));
                prop_assert_eq!(shown(&after), shown(&fresh), "{}", preset);
            } else if preset.starts_with("iterated-") {
                let shown = |settings: &Settings| model::configs(settings).iterated;
                prop_assert_eq!(shown(&after), shown(&fresh), "{}", preset);
            } else {
                prop_assert_eq!(network_of(&after), network_of(&fresh), "{}", preset);
            }
        }
    }
}
