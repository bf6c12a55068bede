//! What preparing does to a template's text, by example.
