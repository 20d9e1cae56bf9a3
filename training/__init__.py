"""Training of the learned judge (`communique.judge`): `python -m training --data FOLDER`. Not part of the package."""
