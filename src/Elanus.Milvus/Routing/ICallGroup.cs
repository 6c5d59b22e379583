namespace Elanus.Milvus;

/// <summary>The methods of one feature, which enter themselves into the service.</summary>
public interface ICallGroup
{
    void Route(CallRoutes routes);
}
