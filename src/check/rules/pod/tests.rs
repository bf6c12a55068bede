//! Rules by example. A real API server of version 1.35 was asked.
