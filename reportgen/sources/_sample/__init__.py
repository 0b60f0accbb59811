"""The simulated sample, step by step: noise, factors, funds, calibration, prices, holdings, and the export."""
