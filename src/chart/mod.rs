//! A chart's folder.
