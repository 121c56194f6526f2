"""What stands where, in numpy alone: `arrange.plan_room(spec, seed)` gives a `room_plan.Layout`."""
