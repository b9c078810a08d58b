"""What makes one study of `coprod-sim -m`: a Hydra sweeper and a Hydra launcher."""
