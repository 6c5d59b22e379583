using System.Collections.Immutable;
using System.Reflection;

namespace Elanus.Primitives.Tests;

/// <summary>Values of any of our types with something in every property, so that one that is added later is in them too.</summary>
public static class Filled
{
    /// <summary>A value; of a type with derived ones, one of each.</summary>
    public static IEnumerable<object> All(Type type) =>
        type.IsAbstract ? type.GetNestedTypes().Where(t => t.BaseType == type).Select(One) : [One(type)];

    private static object One(Type type)
    {
        if (type == typeof(string))
        {
            return "text \u00e9 \"<&>";
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type == typeof(double))
        {
            return 0.1;
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(123, type, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(2)!;
        }

        if (type == typeof(ImmutableSortedDictionary<string, string>))
        {
            return ImmutableSortedDictionary<string, string>.Empty.Add("b", "2").Add("A", "1").Add("a.Key", "3");
        }

        if (type.IsArray)
        {
            return Several(type.GetElementType()!);
        }

        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (generic == typeof(Nullable<>))
        {
            return One(type.GenericTypeArguments[0]);
        }

        if (generic == typeof(ImmutableArray<>))
        {
            var of = typeof(ImmutableArray).GetMethods().Single(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }]);
            return of.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [Several(type.GenericTypeArguments[0])])!;
        }

        var made = type.GetConstructors().MaxBy(c => c.GetParameters().Length) is { } most
            ? most.Invoke([.. most.GetParameters().Select(p => One(p.ParameterType))])
            : Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null))
        {
            property.SetValue(made, One(property.PropertyType));
        }

        return made;
    }

    private static Array Several(Type type)
    {
        var items = All(type).ToList();
        items.Add(items[0]);
        var array = Array.CreateInstance(type, items.Count);
        for (var at = 0; at < items.Count; at++)
        {
            array.SetValue(items[at], at);
        }

        return array;
    }
}
