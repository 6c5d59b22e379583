namespace Elanus.Simulation;

/// <summary>A check failed, or the simulation itself cannot go on; the sentence says which.</summary>
public sealed class SimulationFaultException(string what) : Exception(what);
