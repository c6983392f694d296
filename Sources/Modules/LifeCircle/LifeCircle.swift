// LifeCircle
