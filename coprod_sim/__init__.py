"""coprod_sim: an agent-based model of co-produced old-age care in China's villages."""
