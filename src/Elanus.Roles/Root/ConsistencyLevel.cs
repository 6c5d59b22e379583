namespace Elanus.Roles;

/// <summary>How fresh a read must be; the numbers are the protocol's.</summary>
public enum ConsistencyLevel
{
    Strong = 0,
    Session = 1,
    Bounded = 2,
    Eventually = 3,
    Customized = 4,
}
