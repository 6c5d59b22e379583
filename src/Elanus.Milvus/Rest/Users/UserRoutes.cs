namespace Elanus.Milvus.Rest;

/// <summary>Calls about users. Where authentication is on they are root's alone, but for a user's own password.</summary>
internal sealed class UserRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("users/list", [], List),
        RestRoute.To("users/describe", ["userName"], Describe),
        RestRoute.To("users/create", ["userName", "password"], Create),
        RestRoute.To("users/update_password", ["userName", "password", "newPassword"], UpdatePassword),
        RestRoute.To("users/drop", ["userName"], Drop),
    ];

    private static string Name(RestCall call) => call.Body.Text("userName");

    private Result<RestReply> List(RestCall call) => NotPermitted(call) is { } no ? no : RestReply.Names(proxy.Users.Names);

    /// <summary>The roles of a user: none, until there are roles.</summary>
    private Result<RestReply> Describe(RestCall call)
    {
        if (call.User != Name(call) && NotPermitted(call) is { } no)
        {
            return no;
        }

        return proxy.Users.Names.Contains(Name(call)) ? RestReply.Names([]) : Failure.Invalid($"there is no user {Name(call)}");
    }

    private async Task<Result<RestReply>> Create(RestCall call) => NotPermitted(call) is { } no
        ? no
        : RestReply.Of(await proxy.Users.Create(Name(call), call.Body.Text("password"), call.Cancel));

    private async Task<Result<RestReply>> UpdatePassword(RestCall call) => call.User != Name(call) && NotPermitted(call) is { } no
        ? no
        : RestReply.Of(await proxy.Users.Update(Name(call), call.Body.Text("password"), call.Body.Text("newPassword"), call.Cancel));

    private async Task<Result<RestReply>> Drop(RestCall call) => NotPermitted(call) is { } no
        ? no
        : RestReply.Of(await proxy.Users.Drop(Name(call), call.Cancel));

    private static Failure? NotPermitted(RestCall call) => call.User.Length == 0 || call.User == UserCoord.RootName
        ? null
        : new(FailureCode.NotPermitted, $"user {call.User} may not manage users, only {UserCoord.RootName} may");
}
