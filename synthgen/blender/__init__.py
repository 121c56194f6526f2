"""The only room that imports bpy. The package itself does not: import its modules in a worker."""
