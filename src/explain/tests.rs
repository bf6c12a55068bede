//! What explanations say, by example.
