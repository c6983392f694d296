// GrassrootsWork
