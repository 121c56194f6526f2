"""What scene builders stand on: meshes, materials, lights, cameras on bpy.data."""
