"""Signs and codes of money: those that mean nothing else, and those that are words of something else as well."""

from __future__ import annotations

#: ISO 4217 codes of currencies in which contracts are written, and how recurring revenue is abbreviated.
# fmt: off
CLEAR = (
    "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "AUD", "NZD", "HKD", "SGD", "SEK", "NOK", "DKK", "PLN", "CZK",
    "HUF", "BGN", "ILS", "KRW", "BRL", "MXN", "ZAR", "AED", "SAR", "QAR", "KWD", "THB", "TWD", "IDR", "MYR", "VND",
    "RUB", "UAH", "NGN", "KES", "EGP", "CLP", "INR",
)
# fmt: on
#: Codes that stand before or behind a number in other senses: a language, a drawing, an instruction.
AMBIGUOUS = ("CAD", "TRY", "PHP", "RON", "COP", "ARS", "PEN", "MAD")
REVENUE = ("ARR", "MRR", "ACV", "TCV")
SIGNS = "€£¥₹₩₽₺₪₫฿₴₦"
CODES = (*CLEAR, *AMBIGUOUS, *REVENUE)
