//! Chapters 1 and 2, in NumPy.
use super::{Script, array, matrix};
use crate::model;
use vanishing_charts::Model;
use vanishing_core::studies::alignment;

/// λ_i^k from M.
pub const POWERS: Script = Script {
    figures: &["eigenvalue-powers"],
    near: "Prints k and log10 |λ_i|^k, largest first: the lines of theory, to 1e-9 per step; the page's own marks are measured from the multiplied matrix.",
    needs: "import numpy as np",
    body: |settings, opened| {
        let model = Model::new(model::configs_with(settings, opened));
        format!(
            "{}ks = {}\n\neigenvalues = np.linalg.eigvalsh(M)\neigenvalues = eigenvalues[np.argsort(-abs(eigenvalues), kind=\"stable\")]\nprint(\"k,\" + \",\".join(f\"log10 {{x:.6g}}\" for x in eigenvalues))\nwith np.errstate(divide=\"ignore\"):\n    logs = np.log10(abs(eigenvalues))\nfor k in ks:\n    print(k, *(logs * k if k else logs * 0), sep=\",\")\n",
            m(&model),
            ks(&model)
        )
    },
};

/// The entries of M^k.
pub const ENTRIES: Script = Script {
    figures: &["matrix-powers"],
    near: "Prints row, column and entry of M^k, each divided by the largest in size: to 1e-9.",
    needs: "import numpy as np",
    body: |settings, opened| {
        let model = Model::new(model::configs_with(settings, opened));
        format!(
            "{}P = np.eye(len(M))\nfor _ in range({}):\n    P = P @ M\n    P = P / (abs(P).max() or 1.0)  # only the proportions matter, and they must not overflow\nprint(\"row,column,entry\")\nfor i in range(len(P)):\n    for j in range(len(P)):\n        print(i + 1, j + 1, P[i, j], sep=\",\")\n",
            m(&model),
            model.power()
        )
    },
};

/// The angle of M^k x by multiplication.
pub const ANGLE: Script = Script {
    figures: &["alignment-angle", "iterate"],
    near: "Prints k and log10 of the angle between M^k x and the line of v_1, by multiplication: to 1e-6 until it drowns in rounding (about 1e-15).",
    needs: "import numpy as np",
    body: |settings, opened| {
        let model = Model::new(model::configs_with(settings, opened));
        let symmetric = model.matrix();
        let x = alignment::start_vector(symmetric, model.alignment_config());
        let v = symmetric.eigenvectors.column(0);
        format!(
            "{}v = {}\nx = {}\nks = {}\n\nprint(\"k,log10 angle\")\nfor k in range(max(ks) + 1):\n    along = x @ v\n    across = np.linalg.norm(x - along * v)\n    if k in ks:\n        print(k, np.log10(np.arctan2(across, abs(along))), sep=\",\")\n    x = M @ x\n    x = x / (np.linalg.norm(x) or 1.0)\n",
            m(&model),
            array(v.as_slice()),
            array(&x),
            ks(&model)
        )
    },
};

/// The probability of alignment by simulation.
pub const PROBABILITY: Script = Script {
    figures: &["alignment-probability"],
    near: "Prints k and the share of 100,000 random starts that are aligned: within 0.006 of the exact probability, nearly always.",
    needs: "import numpy as np",
    body: |settings, opened| {
        let model = Model::new(model::configs_with(settings, opened));
        let config = model.probability_config();
        format!(
            "eigenvalues = {}\ntangent = {:?}  # \"aligned\": tan of the angle to v_1 at most this\nks = {}\n\nrng = np.random.default_rng(1)\nstarts = rng.standard_normal((100_000, len(eigenvalues)))\nleading = np.argmax(abs(eigenvalues))\nrates = abs(eigenvalues) / (abs(eigenvalues[leading]) or 1.0)\nprint(\"k,share\")\nfor k in ks:\n    turned = starts * rates**k\n    along = abs(turned[:, leading])\n    across = np.linalg.norm(np.delete(turned, leading, axis=1), axis=1)\n    print(k, np.mean(across <= tangent * along), sep=\",\")\n",
            array(&config.eigenvalues),
            config.tangent,
            ks(&model)
        )
    },
};

fn m(model: &Model) -> String {
    let m = model.matrix();
    // Symmetric: rows are columns.
    format!("M = {}\n", matrix(m.matrix.as_slice(), m.size()))
}

fn ks(model: &Model) -> String {
    let ks: Vec<String> = model.alignment_config().ks.iter().map(u64::to_string).collect();
    format!("[{}]", ks.join(", "))
}
