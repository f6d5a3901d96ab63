"""What is compared: a net that trains on from `pretrained`, and one from nothing."""

from training.run.checkpoint import PRETRAINED

SIZE = 64  # pixels of pretrained
# For both sides, but for the settings that each preset has for its purpose: demo, to train a net on
# that knows how to colour; mobile, to train one from nothing, at three times the rate.
EQUAL = ("--batch-size", "6", "--ema", "0", "--keep-checkpoints", "1")
TUNED, FRESH = "from-pretrained", "from-nothing"
SIDES = {TUNED: ("demo", "--init", str(PRETRAINED), *EQUAL), FRESH: ("mobile", *EQUAL)}
