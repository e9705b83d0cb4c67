//! Kind `optimizer`: weights after each step of a given sequence of gradients.
use super::tensors::Tensors;
use serde_json::{Value, json};
use vanishing_core::network::Weights;
use vanishing_core::optimizers::{Adam, AdamOptions, AdamW, Optimizer, Rmsprop, RmspropOptions, Sgd, SgdOptions};
use vanishing_weights::json::Node;

/// The weights after each step.
pub fn optimizer(inputs: &Node) -> Result<Value, String> {
    let mut params = Tensors::read(&inputs.field("params")?)?;
    let hyper = inputs.field("hyper")?;
    let learning_rate = hyper.field("lr")?.not_negative()?;
    let mut optimizer = read(&hyper, &params.weights)?;
    let mut after_step = Vec::new();
    for gradient in inputs.field("grads_per_step")?.list()? {
        let gradient = params.read_alike(&gradient)?;
        optimizer.step(&mut params.weights, &gradient, learning_rate);
        after_step.push(params.json());
    }
    Ok(json!({ "params_after_step": after_step }))
}

/// The optimiser, by PyTorch's names and with its defaults.
fn read(hyper: &Node, shapes: &Weights<f64>) -> Result<Box<dyn Optimizer<f64>>, String> {
    let share = |name: &str, usual: f64| hyper.optional(name).map_or(Ok(usual), |node| node.share());
    Ok(match hyper.field("opt")?.text()? {
        "sgd" => {
            hyper.only(&["opt", "lr", "momentum", "nesterov", "weight_decay"], "sgd")?;
            let options = SgdOptions {
                momentum: hyper.amount("momentum", 0.0)?,
                nesterov: hyper.flag("nesterov")?,
                weight_decay: hyper.amount("weight_decay", 0.0)?,
            };
            Box::new(Sgd::new(options, shapes))
        }
        "rmsprop" => {
            hyper.only(&["opt", "lr", "alpha", "eps", "weight_decay"], "rmsprop")?;
            let usual = RmspropOptions::default();
            let options = RmspropOptions {
                alpha: share("alpha", usual.alpha)?,
                epsilon: hyper.amount("eps", usual.epsilon)?,
                weight_decay: hyper.amount("weight_decay", 0.0)?,
            };
            Box::new(Rmsprop::new(options, shapes))
        }
        "adam" => Box::new(Adam::new(adam(hyper, "adam", 0.0)?, shapes)),
        "adamw" => Box::new(AdamW::new(adam(hyper, "adamw", 0.01)?, shapes)),
        other => return Err(format!("hyper.opt: “{other}” is not sgd, rmsprop, adam or adamw")),
    })
}

fn adam(hyper: &Node, name: &str, weight_decay: f64) -> Result<AdamOptions, String> {
    hyper.only(&["opt", "lr", "betas", "eps", "weight_decay"], name)?;
    let usual = AdamOptions::default();
    let (beta1, beta2) = match hyper.optional("betas") {
        Some(betas) => {
            let betas = betas.list_of(2)?;
            (betas[0].share()?, betas[1].share()?)
        }
        None => (usual.beta1, usual.beta2),
    };
    let epsilon = hyper.amount("eps", usual.epsilon)?;
    Ok(AdamOptions { beta1, beta2, epsilon, weight_decay: hyper.amount("weight_decay", weight_decay)? })
}
