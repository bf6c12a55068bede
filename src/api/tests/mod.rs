//! What the room promises, told by examples.

mod definitions;
mod kinds;
mod schemas;
