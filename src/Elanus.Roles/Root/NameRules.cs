namespace Elanus.Roles;

/// <summary>Which names are allowed: a letter or underscore, then letters, digits, underscores and (for some things) more.</summary>
public static class NameRules
{
    /// <summary>Null where the name is good.</summary>
    /// <param name="what">"collection", "partition", "database", "alias", "field"; appears in the sentence.</param>
    /// <param name="more">Further characters allowed after the first.</param>
    public static Failure? Check(string what, string name, int lengthMax, string more = "", FailureCode code = FailureCode.InvalidParameter)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return new(code, $"{what} name should not be empty");
        }

        if (name.Length > lengthMax)
        {
            return new(code, $"Invalid {what} name: {name[..32]}.... the length of {what} name must be not greater than limit {lengthMax}");
        }

        if (name[0] != '_' && !char.IsAsciiLetter(name[0]))
        {
            return new(code, $"Invalid {what} name: {name}. the first character of {what} name must be an underscore or letter");
        }

        foreach (var c in name)
        {
            if (c != '_' && !char.IsAsciiLetterOrDigit(c) && !more.Contains(c, StringComparison.Ordinal))
            {
                return new(code, $"Invalid {what} name: {name}. {what} name can only contain numbers, letters and underscores");
            }
        }

        return null;
    }
}
