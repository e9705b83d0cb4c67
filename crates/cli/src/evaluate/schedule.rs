//! Kind `lr_schedule`: the learning rate of each step.
use serde_json::{Value, json};
use vanishing_core::schedules::{
    Constant, Cosine, Exponential, Improvement, InverseTime, PlateauOptions, ReduceOnPlateau, Schedule, StepDecay,
    WarmUp,
};
use vanishing_weights::json::{Node, numbers};

/// The rates of n steps; a plateau is told the metric of each step after it.
pub fn schedule(inputs: &Node) -> Result<Value, String> {
    let base = inputs.field("base_lr")?.not_negative()?;
    let steps = inputs.field("n")?.size()?;
    let hyper = inputs.field("hyper")?;
    let metrics = match inputs.optional("metrics") {
        Some(metrics) => Some(metrics.list()?.iter().map(Node::number).collect::<Result<Vec<f64>, String>>()?),
        None => None,
    };
    let (mut schedule, looks_at_metrics) = read(&hyper)?;
    if looks_at_metrics {
        let given = metrics.as_ref().ok_or("inputs: “metrics” is missing")?.len();
        if given + 1 < steps {
            return Err(format!("metrics has {given} entries; at least {} are needed", steps - 1));
        }
    }
    let mut rates = Vec::with_capacity(steps);
    for step in 0..steps {
        rates.push(schedule.rate(base, step as u64));
        if let Some(metric) = metrics.as_ref().and_then(|metrics| metrics.get(step)) {
            schedule.observe(base, step as u64, *metric);
        }
    }
    Ok(json!({ "lr": numbers(rates) }))
}

/// The schedule, by PyTorch's names and with its defaults, and whether it looks at the metrics.
fn read(hyper: &Node) -> Result<(Box<dyn Schedule>, bool), String> {
    let kind = hyper.field("type")?.text()?;
    let only = |names: &[&str]| hyper.only(&[&["type"], names].concat(), kind);
    let count = |name: &str, usual: u64| hyper.optional(name).map_or(Ok(usual), |node| node.count());
    let steps = |name: &str| Ok::<u64, String>(hyper.field(name)?.size()? as u64);
    let cosine = || Ok::<Cosine, String>(Cosine { steps: steps("t_max")?, minimum: hyper.amount("eta_min", 0.0)? });
    let start_factor = || hyper.amount("start_factor", 1.0 / 3.0);
    let schedule: Box<dyn Schedule> = match kind {
        "constant" => {
            only(&[])?;
            Box::new(Constant)
        }
        "step" => {
            only(&["step_size", "gamma"])?;
            Box::new(StepDecay { every: steps("step_size")?, factor: hyper.amount("gamma", 0.1)? })
        }
        "exponential" => {
            only(&["gamma"])?;
            Box::new(Exponential { factor: hyper.field("gamma")?.not_negative()? })
        }
        "inverse_time" => {
            only(&["decay_rate", "decay_steps"])?;
            Box::new(InverseTime { factor: hyper.field("decay_rate")?.not_negative()?, steps: steps("decay_steps")? })
        }
        "cosine" => {
            only(&["t_max", "eta_min"])?;
            Box::new(cosine()?)
        }
        "linear" => {
            only(&["total_iters", "start_factor"])?;
            let steps = count("total_iters", 5)?;
            Box::new(WarmUp { steps, start_factor: start_factor()?, then: Box::new(Constant) })
        }
        "warmup" => {
            only(&["warmup", "start_factor"])?;
            let steps = hyper.field("warmup")?.count()?;
            Box::new(WarmUp { steps, start_factor: start_factor()?, then: Box::new(Constant) })
        }
        "warmup_cosine" => {
            only(&["warmup", "start_factor", "t_max", "eta_min"])?;
            let steps = hyper.field("warmup")?.count()?;
            Box::new(WarmUp { steps, start_factor: start_factor()?, then: Box::new(cosine()?) })
        }
        "plateau" => {
            let names = ["factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps", "mode"];
            only(&names)?;
            let word = |name: &str, usual| hyper.optional(name).map_or(Ok(usual), |node| node.text());
            if word("mode", "min")? != "min" {
                return Err("hyper.mode: only min is known: a loss is to fall".to_owned());
            }
            let threshold = hyper.amount("threshold", 1e-4)?;
            let improvement = match word("threshold_mode", "rel")? {
                "rel" => Improvement::Relative(threshold),
                "abs" => Improvement::Absolute(threshold),
                other => return Err(format!("hyper.threshold_mode: “{other}” is not rel or abs")),
            };
            let usual = PlateauOptions::default();
            Box::new(ReduceOnPlateau::new(PlateauOptions {
                factor: hyper.optional("factor").map_or(Ok(usual.factor), |node| node.share())?,
                patience: count("patience", usual.patience)?,
                improvement,
                cooldown: count("cooldown", usual.cooldown)?,
                minimum: hyper.amount("min_lr", usual.minimum)?,
                smallest_fall: hyper.amount("eps", usual.smallest_fall)?,
            }))
        }
        other => {
            let known = "constant, step, exponential, inverse_time, cosine, linear, warmup, warmup_cosine or plateau";
            return Err(format!("hyper.type: “{other}” is not {known}"));
        }
    };
    Ok((schedule, kind == "plateau"))
}

#[cfg(test)]
mod tests {
    use super::super::answer;

    #[test]
    fn an_inverse_time_fall_is_answered_by_tensorflows_names() {
        let case =
            |hyper: &str| format!(r#"{{"kind": "lr_schedule", "inputs": {{"base_lr": 8, "n": 5, "hyper": {hyper}}}}}"#);
        let found = answer(&case(r#"{"type": "inverse_time", "decay_rate": 1, "decay_steps": 2}"#)).expect("rates");
        assert_eq!(found["lr"], serde_json::json!([8.0, 8.0 / 1.5, 4.0, 3.2, 8.0 / 3.0]));
        let refused = answer(&case(r#"{"type": "inverse_time", "decay_rate": 1}"#)).expect_err("no steps");
        assert_eq!(refused, "hyper: “decay_steps” is missing");
    }
}
