"""Live data of Yahoo Finance, asked through yfinance: one question at a time, politely, every failure classified."""
