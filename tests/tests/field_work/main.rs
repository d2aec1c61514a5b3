//! A month in the field, by the real programs: what an official of 盐东镇 does at
//! the terminal from the district's newest list of places to the tables that go
//! back to it. Each test is one piece of work with a district and laptops of its
//! own; what a use does in every corner is asked beside it in `crates/app`.

mod evidence;
mod month;
mod office;
mod tables;
mod twice;
