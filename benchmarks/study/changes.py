"""What the experiment changes of a preset: each cause of a failure of 2017, and further attempts.

A change is a dotted field of the config and its value, in the units of the presets: the plan puts
all of them on its budget.
"""

from collections.abc import Mapping

Changes = Mapping[str, object]

# How each failure of 2017 becomes its repaired preset, one cause after the other.
REPAIRS: dict[str, tuple[tuple[str, Changes], ...]] = {
    "2017-wgan": (
        ("penalty over the whole image", {"loss.penalty_axis": "image"}),
        ("no norm in the critic", {"critic.norm": "none"}),
        ("critic begins with fan-in", {"critic.initializer": "fan-in"}),
        (
            "rate and betas of WGAN-GP",
            {
                "optimizer.learning_rate": 1e-4,
                "optimizer.beta_1": 0.0,
                "optimizer.beta_2": 0.9,
            },
        ),
        ("five critic steps: wgan-gp", {"loss.critic_steps": 5}),
        # Beyond the paper, which had no picture to be true to.
        (
            "L1 x 100, one critic step at twice the rate: wgan-gp-l1",
            {
                "loss.l1": 100.0,
                "loss.critic_steps": 1,
                "optimizer.learning_rate": 2e-4,
                "optimizer.adversary_rate": 2.0,
            },
        ),
    ),
    "2017-selu": (
        ("generator begins with fan-in", {"generator.initializer": "fan-in"}),
        ("standardised input", {"generator.standardize": True}),
        # Adam does not notice the weight of a loss that is alone: this row shows what is noise.
        ("L1 x 100 in place of 10, alone as yet", {"loss.l1": 100.0}),
        (
            "a discriminator that answers: selu",
            {
                "loss.adversary": "gan",
                "discriminator.activation": "selu",
                "discriminator.initializer": "fan-in",
                "discriminator.standardize": True,
            },
        ),
    ),
    "2017-selu-wgan": (
        ("generator begins with fan-in", {"generator.initializer": "fan-in"}),
        ("standardised input", {"generator.standardize": True}),
        ("critic begins with fan-in", {"critic.initializer": "fan-in"}),
        ("standardised input of the critic", {"critic.standardize": True}),
        ("penalty over the whole image", {"loss.penalty_axis": "image"}),
        ("L1 x 100", {"loss.l1": 100.0}),
        (
            "betas of WGAN-GP, critic at twice the rate: selu-wgan-gp",
            {
                "optimizer.beta_1": 0.0,
                "optimizer.beta_2": 0.9,
                "optimizer.adversary_rate": 2.0,
            },
        ),
    ),
}
# Beside the chain: what the code of 2017 defined and never used.
AS_MEANT: Changes = {"generator.initializer": "lecun", "generator.output_initializer": "lecun"}

_PIX2PIX_BETAS = {"optimizer.beta_1": 0.5, "optimizer.beta_2": 0.999}
_ONE_CRITIC_STEP = {"loss.critic_steps": 1, "optimizer.adversary_rate": 2.0}
# What is tried where a repaired preset has not converged. "steps" is a share of the budget.
ATTEMPTS: dict[str, tuple[tuple[str, Changes], ...]] = {
    "wgan-gp": (
        ("all rates doubled", {"optimizer.learning_rate": 2e-4}),
        ("all rates times four", {"optimizer.learning_rate": 4e-4}),
        ("one critic step at twice the rate", _ONE_CRITIC_STEP),
        (
            "one critic step at twice the rate, all rates doubled",
            _ONE_CRITIC_STEP | {"optimizer.learning_rate": 2e-4},
        ),
        (
            "one critic step at twice the rate, twice the steps",
            _ONE_CRITIC_STEP | {"steps": 2},
        ),
    ),
    "wgan-gp-l1": (
        (
            "five critic steps at one rate",
            {"loss.critic_steps": 5, "optimizer.adversary_rate": 1.0},
        ),
        ("standardised critic", {"critic.standardize": True}),
        ("betas of pix2pix", _PIX2PIX_BETAS),
        ("twice the steps", {"steps": 2}),
    ),
    "selu": (
        ("gradients clipped to 1", {"optimizer.clip_norm": 1.0}),
        ("half the rate, clipped", {"optimizer.clip_norm": 1.0, "optimizer.learning_rate": 1e-4}),
        ("twice the steps", {"steps": 2}),
    ),
    "selu-wgan-gp": (
        ("betas of pix2pix", _PIX2PIX_BETAS),
        (
            "five critic steps at one rate",
            {"loss.critic_steps": 5, "optimizer.adversary_rate": 1.0},
        ),
        ("twice the steps", {"steps": 2}),
    ),
}
